from django.utils import timezone

from accounts.models import User
from hms.core.rights import SYSTEM
from hms.core.transactions import retried_atomic
from scheduling.exceptions import VideoNotOpen
from scheduling.models import Appointment
from scheduling.services.permissions import require_right_to_book
from scheduling.services.steps import lock
from scheduling.services.visits import check_in
from scheduling.statuses import AppointmentStatus
from scheduling.video import is_open


@retried_atomic
def join_video(*, appointment: Appointment, by: User) -> Appointment:
    """Note the consent to a consultation by video, and the arrival; a second call changes nothing.

    Refuses with `VideoNotOpen` too early, too late, and a visit that is not by video.
    """
    appointment = lock(appointment)
    require_right_to_book(by, appointment.patient_id)
    if not is_open(appointment, timezone.now()):
        raise VideoNotOpen
    if appointment.video_consent_at is None:
        appointment.video_consent_at, appointment.video_consent_by = timezone.now(), by
        appointment.save(update_fields=["video_consent_at", "video_consent_by"])
    if appointment.status == AppointmentStatus.BOOKED:
        return check_in(appointment=appointment, by=SYSTEM)
    return appointment
