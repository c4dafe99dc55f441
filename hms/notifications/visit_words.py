"""What the names in texts about visits stand for, and the calendar file that goes with them."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hms.notifications.links import address_of
from hms.notifications.models import VisitEvent
from hms.notifications.statuses import Kind
from scheduling.calendar_file import calendar_file
from scheduling.moments import clock
from scheduling.statuses import VisitMode
from scheduling.visit_links import code_of

WITH_CALENDAR = (Kind.BOOKED, Kind.MOVED, Kind.CANCELLED)


def values_of(event: VisitEvent) -> dict[str, str]:
    """In the language that is active."""
    visit = event.appointment
    local = timezone.localtime(visit.starts_at)
    names_speciality = settings.NOTIFICATIONS["names_speciality"]
    return {
        "patient": visit.patient.full_name,
        "when": in_full(visit.starts_at),
        "day": date_format(local, "D j M"),
        "time": clock(visit.starts_at),
        "doctor": visit.doctor.full_name,
        "speciality": str(visit.doctor.specialization or "") if names_speciality else "",
        "place": visit.place,
        "address": "" if visit.mode == VisitMode.VIDEO else ", ".join(visit.branch.address_lines),
        "reference": visit.reference,
        "page": page_of(event),
        "link": address_of("scheduling:answer-visit", code_of(visit)),
        "was_when": in_full(event.was_at) if event.was_at else "",
        "by_whom": _("by you") if event.is_by_patient else _("by the hospital"),
        "minutes": str(event.minutes),
    }


def page_of(event: VisitEvent) -> str:
    return address_of("scheduling:show-appointment", event.appointment.reference)


def calendar_of(event: VisitEvent, address: str) -> str:
    if event.kind not in WITH_CALENDAR:
        return ""
    return calendar_file(event.appointment, page_of(event), attendee=address).decode()


def in_full(moment) -> str:
    return f"{date_format(timezone.localtime(moment), 'l j F Y')}, {clock(moment)}"
