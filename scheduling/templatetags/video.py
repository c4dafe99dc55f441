from django import template
from django.utils import timezone

from scheduling.models import Appointment
from scheduling.video import is_expected_by_video, is_open, opens_at, room_address

register = template.Library()


@register.inclusion_tag("admin/scheduling/_video.html")
def video_of(appointment: Appointment) -> dict:
    """For the doctor of a visit by video: the room, the patient's consent, and whom to expect."""
    is_now = is_open(appointment, timezone.now())
    return {
        "appointment": appointment,
        "is_by_video": is_expected_by_video(appointment),
        "room": room_address(appointment) if is_now else "",
        "opens_at": opens_at(appointment),
    }
