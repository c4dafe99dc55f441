from scheduling.models.appointment import Appointment
from scheduling.models.branch import Branch
from scheduling.models.calendar_feed import CalendarFeed
from scheduling.models.claims import PatientClaim, SlotClaim
from scheduling.models.complaint import Complaint, Discipline, Urgency
from scheduling.models.department import Department
from scheduling.models.doctor import Doctor
from scheduling.models.no_show import NoShowModel, OverbookingRule
from scheduling.models.nurse import Nurse
from scheduling.models.put_away import PutAway
from scheduling.models.schedule import ScheduleException, WeeklySchedule
from scheduling.models.specialization import Specialization
from scheduling.models.waiting import Offer, WaitingListEntry

__all__ = [
    "Appointment",
    "Branch",
    "CalendarFeed",
    "Complaint",
    "Department",
    "Discipline",
    "Doctor",
    "NoShowModel",
    "Nurse",
    "Offer",
    "OverbookingRule",
    "PatientClaim",
    "PutAway",
    "ScheduleException",
    "SlotClaim",
    "Specialization",
    "Urgency",
    "WaitingListEntry",
    "WeeklySchedule",
]
