"""After a no-show: why it was, how many there are, and what the hospital asks before the next booking."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from hms.core.states import StepRefused
from hms.core.transactions import retried_atomic
from scheduling.exceptions import BookByPhone, PayInAdvance
from scheduling.models import Appointment, Doctor, Offer
from scheduling.services.permissions import manages, require_right_to_change
from scheduling.services.steps import lock
from scheduling.statuses import AfterNoShows, AppointmentStatus


@retried_atomic
def explain_missed(
    *, appointment: Appointment, missed_because: str, missed_words: str = "", by: User
) -> Appointment:
    """Write what kept the patient from coming; refuses a visit that is no no-show."""
    appointment = lock(appointment)
    require_right_to_change(by, appointment)
    if appointment.status != AppointmentStatus.NO_SHOW:
        raise StepRefused(AppointmentStatus(appointment.status), AppointmentStatus.NO_SHOW)
    appointment.missed_because, appointment.missed_words = missed_because, missed_words
    appointment.save(update_fields=["missed_because", "missed_words"])
    return appointment


def count_missed(patient_id: int) -> int:
    """The patient's no-shows of the last months that the policy looks at."""
    since = timezone.now() - timedelta(days=settings.BOOKING["no_show_days"])
    missed = Appointment.objects.missed_since(since).filter(patient=patient_id)
    return missed.exclude(pk__in=Offer.objects.displaced_visits()).count()


def terms_after_no_shows(patient_id: int, doctor: Doctor) -> AfterNoShows:
    """What the hospital asks of this patient before a booking with the doctor.

    Where nobody takes payments online, or nothing is to pay, the desk books by telephone instead.
    """
    limit, policy = settings.BOOKING["no_show_limit"], settings.BOOKING["after_no_shows"]
    if not limit or count_missed(patient_id) < limit:
        return AfterNoShows.NOTHING
    if policy == AfterNoShows.PREPAY and settings.ONLINE_GATEWAY and doctor.fee > 0:
        return AfterNoShows.PREPAY
    return AfterNoShows.PHONE


def require_terms_after_no_shows(appointment: Appointment, doctor: Doctor, wanted: str, by) -> None:
    """Refuse a patient who must book by telephone, or pay before the time is booked; a hold may be paid."""
    if settings.BOOKING["no_show_limit"] and not manages(by, appointment.doctor_id, appointment.starts_at):
        require_terms_of_patients(appointment, doctor, wanted)


def require_terms_of_patients(appointment: Appointment, doctor: Doctor, wanted: str) -> None:
    """The same, whoever asks: also for the holder of a link, for whom the hospital acts."""
    terms = terms_after_no_shows(appointment.patient_id, doctor)
    if terms == AfterNoShows.PHONE:
        raise BookByPhone(limit=settings.BOOKING["no_show_limit"], phone=settings.HOSPITAL["phone"])
    if terms == AfterNoShows.PREPAY and wanted == AppointmentStatus.BOOKED:
        raise PayInAdvance(limit=settings.BOOKING["no_show_limit"])
