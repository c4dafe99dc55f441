"""When doctors see patients, and when for once they do not."""

from django.db.models import Q, QuerySet

from hms.core.transactions import retried_atomic
from scheduling.exceptions import OutsideDepartmentHours, ShiftsOverlap, ShiftTooShort
from scheduling.models import Appointment, Doctor, ScheduleException, WeeklySchedule
from scheduling.services.permissions import require_right_to_save
from scheduling.statuses import UPCOMING, ExceptionKind


@retried_atomic
def save_weekly_schedule(*, schedule: WeeklySchedule, by) -> WeeklySchedule:
    """Add or change one shift; refuses overlaps with the doctor's other shifts and closed hours.

    Appointments that are already booked stay as they are.
    """
    require_right_to_save(by, schedule)
    doctor = Doctor.objects.select_for_update().select_related("department").get(pk=schedule.doctor_id)
    schedule.full_clean()
    _require_room_for_a_slot(schedule)
    _require_open_department(schedule, doctor)
    _require_no_overlap(schedule)
    schedule.save()
    return schedule


@retried_atomic
def save_exception(*, exception: ScheduleException, by) -> ScheduleException:
    """Add or change leave, a holiday or an extra session; `affected_by` says whom it touches."""
    require_right_to_save(by, exception)
    exception.full_clean()
    exception.save()
    return exception


def affected_by(exception: ScheduleException) -> QuerySet[Appointment]:
    """Coming appointments that lie in the leave or holiday; none for an extra session."""
    if exception.kind == ExceptionKind.EXTRA:
        return Appointment.objects.none()
    coming = Appointment.objects.filter(
        status__in=UPCOMING, starts_at__lt=exception.ends_at, ends_at__gt=exception.starts_at
    )
    if exception.doctor_id:
        coming = coming.filter(doctor_id=exception.doctor_id)
    elif exception.department_id:
        coming = coming.filter(doctor__department_id=exception.department_id)
    return coming.for_list().order_by("starts_at")


def _require_room_for_a_slot(schedule: WeeklySchedule) -> None:
    starts_at, ends_at = schedule.starts_at, schedule.ends_at
    minutes = (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute
    if minutes < schedule.slot_minutes:
        raise ShiftTooShort


def _require_open_department(schedule: WeeklySchedule, doctor: Doctor) -> None:
    department = doctor.department
    if schedule.starts_at < department.opens_at or schedule.ends_at > department.closes_at:
        raise OutsideDepartmentHours(
            opens=f"{department.opens_at:%H:%M}", closes=f"{department.closes_at:%H:%M}"
        )


def _require_no_overlap(schedule: WeeklySchedule) -> None:
    others = WeeklySchedule.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=schedule.valid_from),
        doctor_id=schedule.doctor_id,
        weekday=schedule.weekday,
        starts_at__lt=schedule.ends_at,
        ends_at__gt=schedule.starts_at,
    ).exclude(pk=schedule.pk)
    if schedule.valid_until:
        others = others.filter(valid_from__lte=schedule.valid_until)
    if other := others.first():
        raise ShiftsOverlap(other=str(other))
