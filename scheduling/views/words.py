"""The text that describes an appointment on pages."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.models import Appointment
from scheduling.moments import clock
from scheduling.statuses import VisitMode


def day_and_time(moment) -> str:
    """For example "Monday 23 November 2026, 9:30 AM"."""
    return f"{date_format(timezone.localtime(moment), 'l j F Y')}, {clock(moment)}"


def words_of(appointment: Appointment) -> dict[str, str]:
    """Time, doctor and place as one string each, with line breaks."""
    minutes = appointment.minutes
    length = ngettext("%d minute", "%d minutes", minutes) % minutes
    doctor = appointment.doctor
    return {
        "when": f"{day_and_time(appointment.starts_at)}\n{length}",
        "doctor_words": f"{doctor.full_name}\n{doctor.specialization}",
        "where": _where(appointment),
        "where_url": _page_of_the_place(appointment),
    }


def _where(appointment: Appointment) -> str:
    if appointment.mode == VisitMode.VIDEO:
        return _("Video call")
    return "\n".join([appointment.branch.name, ", ".join(appointment.branch.address_lines)]).strip()


def _page_of_the_place(appointment: Appointment) -> str:
    has_page = appointment.mode == VisitMode.IN_PERSON and appointment.branch.is_active
    return appointment.branch.get_absolute_url() if has_page else ""
