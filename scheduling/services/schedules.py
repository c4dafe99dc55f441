"""Weekly shifts, leave, holidays and extra sessions."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from hms.core.locks import lock_row
from hms.core.refusals import delete_or_refuse
from hms.core.rights import acting, require_to_delete, require_to_save
from hms.core.transactions import retried_atomic
from scheduling.cells import minutes_between, on_the_grid
from scheduling.exceptions import (
    CannotCover,
    LeaveHasBegun,
    LeaveIsOver,
    OutsideDepartmentHours,
    ShiftsOverlap,
    ShiftTooShort,
)
from scheduling.models import Doctor, ScheduleException, WeeklySchedule
from scheduling.services.permissions import may_enter_leave
from scheduling.statuses import ExceptionKind


@retried_atomic
def save_weekly_schedule(*, schedule: WeeklySchedule, by) -> WeeklySchedule:
    """Add or change a shift; refuses an overlap with the doctor's other shifts, and closed hours.

    Booked appointments stay as they are; `ChangeOfHours` lists those affected.
    """
    require_to_save(by, schedule)
    doctor = lock_row(Doctor.objects.select_related("department"), pk=schedule.doctor_id)
    schedule.full_clean()
    _require_room_for_a_slot(schedule)
    _require_open_department(schedule, doctor)
    _require_no_overlap(schedule)
    schedule.save()
    return schedule


@retried_atomic
def save_exception(*, exception: ScheduleException, by) -> ScheduleException:
    """Add or change leave, a holiday or an extra session; `ChangeOfHours` lists appointments affected.

    Doctors enter their own leave, or ask for it (`may_enter_leave`). Of one that has begun they change
    the end alone (`LeaveHasBegun`), and nothing of one that is over (`LeaveIsOver`).
    """
    stored = ScheduleException.objects.select_related("doctor").filter(pk=exception.pk).first()
    if not all(may_enter_leave(by, one) for one in (exception, stored or exception)):
        require_to_save(by, exception)
    elif stored is not None and not acting(by).has_perm("scheduling.change_scheduleexception"):
        _require_change_to_come(stored, exception, at=timezone.now())
    exception.full_clean()
    if exception.kind == ExceptionKind.EXTRA:
        _require_grid(exception)
    if exception.covered_by_id and (stored is None or stored.covered_by_id != exception.covered_by_id):
        _require_fit_to_cover(exception)
    exception.save()
    return exception


@retried_atomic
def delete_exception(*, exception: ScheduleException, by) -> None:
    """Delete it; doctors delete their own leave until it begins."""
    stored = ScheduleException.objects.select_related("doctor").get(pk=exception.pk)
    if not (stored.starts_at > timezone.now() and may_enter_leave(by, stored)):
        require_to_delete(by, stored)
    delete_or_refuse(exception)


def _require_change_to_come(stored: ScheduleException, exception: ScheduleException, *, at: datetime) -> None:
    if stored.ends_at <= at:
        raise LeaveIsOver
    others = [field.attname for field in stored._meta.concrete_fields if field.name != "ends_at"]
    if stored.starts_at <= at and any(getattr(stored, name) != getattr(exception, name) for name in others):
        raise LeaveHasBegun


def _require_fit_to_cover(exception: ScheduleException) -> None:
    fit = Doctor.objects.bookable(timezone.localdate(exception.ends_at)).exclude(user=None)
    if not fit.filter(pk=exception.covered_by_id).exists():
        raise CannotCover(doctor=exception.covered_by.full_name)


def _require_grid(exception: ScheduleException) -> None:
    for name in ("starts_at", "ends_at"):
        try:
            on_the_grid(getattr(exception, name))
        except ValidationError as error:
            raise ValidationError({name: error}) from error


def _require_room_for_a_slot(schedule: WeeklySchedule) -> None:
    if minutes_between(schedule.starts_at, schedule.ends_at) < schedule.slot_minutes:
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
