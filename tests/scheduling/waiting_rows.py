"""People who wait, and the times of the doctor they wait for."""

from datetime import timedelta

from django.utils import timezone

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Offer, ScheduleException, WaitingListEntry
from scheduling.services import book_appointment, change_hours, join_waiting_list, save_exception
from scheduling.services.outside_hours import ChangeOfHours, fingerprint_of_affected
from tests.factories import PatientFactory, at


def waits(doctor=None, *, by=SYSTEM, patient=None, days=(1, 1), **wanted) -> WaitingListEntry:
    """Joins the list for the doctor, for tomorrow unless said otherwise."""
    today = timezone.localdate()
    first, last = (today + timedelta(days=each) for each in days)
    row = WaitingListEntry(
        patient=patient or PatientFactory(), doctor=doctor, first_day=first, last_day=last, **wanted
    )
    return join_waiting_list(entry=row, by=by)


def fill(doctor, *times, by=SYSTEM) -> list[Appointment]:
    """Book these times, each for a patient of its own."""
    return [
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=time, by=by) for time in times
    ]


def enter_leave(doctor, first_hour=0, last_hour=23, *, days=1, by=SYSTEM) -> ScheduleException:
    """Enter a leave of a day to come, having seen whom it puts outside working hours."""
    leave = ScheduleException(
        kind="leave", doctor=doctor, starts_at=at(first_hour, days=days), ends_at=at(last_hour, days=days)
    )
    change_hours(
        row=leave,
        save=lambda: save_exception(exception=leave, by=by),
        confirmed=_fingerprint(leave, by),
        by=by,
    )
    return leave


def _fingerprint(leave: ScheduleException, by) -> str:
    concerned = ChangeOfHours(leave).concerned
    rows = Appointment.objects.filter(concerned).upcoming().order_by("starts_at", "pk")
    return fingerprint_of_affected(rows)


def open_offers() -> list[Offer]:
    return list(Offer.objects.filter(status="open").for_list().order_by("pk"))
