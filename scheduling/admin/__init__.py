from scheduling.admin.appointments import AppointmentAdmin
from scheduling.admin.complaints import ComplaintAdmin, DisciplineAdmin
from scheduling.admin.doctors import DoctorAdmin
from scheduling.admin.no_show import NoShowModelAdmin, OverbookingRuleAdmin
from scheduling.admin.nurses import NurseAdmin
from scheduling.admin.places import BranchAdmin, DepartmentAdmin, SpecializationAdmin
from scheduling.admin.schedules import ScheduleExceptionAdmin, WeeklyScheduleAdmin
from scheduling.admin.waiting import OfferAdmin, WaitingListEntryAdmin

__all__ = [
    "AppointmentAdmin",
    "BranchAdmin",
    "ComplaintAdmin",
    "DepartmentAdmin",
    "DisciplineAdmin",
    "DoctorAdmin",
    "NoShowModelAdmin",
    "NurseAdmin",
    "OfferAdmin",
    "OverbookingRuleAdmin",
    "ScheduleExceptionAdmin",
    "SpecializationAdmin",
    "WaitingListEntryAdmin",
    "WeeklyScheduleAdmin",
]
