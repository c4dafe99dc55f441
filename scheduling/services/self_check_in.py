"""Checking in oneself, at a kiosk or on a phone: whoever knows the reference and the date of birth may."""

from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.services.numbers import advance, forget
from hms.core.rights import require
from hms.core.transactions import retried_atomic
from scheduling.exceptions import NothingToCheckIn
from scheduling.models import Appointment
from scheduling.services.visits import check_in
from scheduling.statuses import HERE, AppointmentStatus, VisitMode

SERIES = "check-in "


def check_in_oneself(*, reference: str, date_of_birth: date, by) -> Appointment:
    """Check in a visit of today by its reference and the patient's date of birth; again changes nothing.

    Refuses everything else with `NothingToCheckIn`, which does not say why; also a reference that was tried
    too often today, even with the right date.
    """
    require(by, "scheduling.check_in")
    if not _take_attempt(reference):
        raise NothingToCheckIn
    return _check_in(reference, date_of_birth, by)


@retried_atomic
def _check_in(reference: str, date_of_birth: date, by) -> Appointment:
    today = Appointment.objects.on_day(timezone.localdate())
    expected = today.filter(mode=VisitMode.IN_PERSON, status__in=(AppointmentStatus.BOOKED, *HERE))
    visit = expected.filter(reference=reference, patient__date_of_birth=date_of_birth).first()
    if visit is None:
        raise NothingToCheckIn
    return visit if visit.status in HERE else check_in(appointment=visit, by=by)


@retried_atomic
def _take_attempt(reference: str) -> bool:
    """Count in a table, which evicts none; False if the reference has been tried too often today."""
    day = f"{SERIES}{timezone.localdate():%y%m%d} "
    count = advance(day + salted_hmac("scheduling.check-in", reference).hexdigest()[:20])
    if count == 1:
        forget(SERIES, but=day)
    return count <= settings.CHECK_IN["tries_a_day"]
