"""Check-in: type or scan the reference, or find the patient by number, telephone or name."""

from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Patient
from scheduling.admin.day_steps import offered_steps, steps_in_lists
from scheduling.admin.search import appointments_matching
from scheduling.branch_choice import BranchChoice
from scheduling.models import Appointment, ScheduleException
from scheduling.services.permissions import is_desk
from scheduling.statuses import UPCOMING, AppointmentStatus, ExceptionKind

MOST_SHOWN = 30
# No-shows can still be checked in, but expected patients come first on the page.
MISSED_LAST = Case(When(status=AppointmentStatus.NO_SHOW, then=1), default=0)
SHOWN = [*UPCOMING - {AppointmentStatus.HELD}, AppointmentStatus.NO_SHOW]


def show_desk(model_admin, request):
    if not request.user.has_perm("scheduling.check_in"):
        raise PermissionDenied
    text = request.GET.get("q", "").strip()
    visible = Appointment.objects.visible_to(request.user)
    today, choice = visible.of_today(), BranchChoice.of(request)
    here = today.filter(status__in=SHOWN).at_branches(choice.ids)
    wanted = appointments_matching(today, text) if text else here
    found = list(wanted.for_list().order_by(MISSED_LAST, "starts_at", "pk")[:MOST_SHOWN])
    page = {
        **model_admin.admin_site.each_context(request),
        "title": _("Check in"),
        "opts": model_admin.opts,
        "q": text,
        "rows": [(appointment, steps_in_lists(request.user, appointment)) for appointment in found],
        "spans_days": len({timezone.localdate(appointment.starts_at) for appointment in found}) > 1,
        "choice": choice,
        "screens": [one for one in choice.branches if choice.ids is None or one.pk in choice.ids],
        "asked": [] if text else asked(request.user, visible.at_branches(choice.ids)),
        "leave_asked": [] if text else leave_asked(request.user),
        "unfinished": [] if text else unfinished(request.user, visible.at_branches(choice.ids)),
        "most": MOST_SHOWN,
        "others": others(request, text) if text and not found else None,
        "may_book": request.user.has_perm("scheduling.book_for_others"),
    }
    return TemplateResponse(request, "admin/scheduling/desk.html", page)


def asked(user, visible) -> list[Appointment]:
    """Visits with something that their doctors ask of the front desk, the oldest first."""
    if not is_desk(user):
        return []
    return list(visible.asked_of_desk().for_list().order_by("asked_of_desk_at", "pk"))


def leave_asked(user) -> list[ScheduleException]:
    """Leave that doctors ask for and that is not over, to be entered as leave."""
    if not is_desk(user):
        return []
    coming = ScheduleException.objects.filter(kind=ExceptionKind.ASKED, ends_at__gt=timezone.now())
    return list(coming.select_related("doctor").order_by("starts_at", "pk"))


def unfinished(user, visible) -> list[tuple[Appointment, list]]:
    """Visits of earlier days to decide on: the patient came, and nothing says how it ended."""
    found = visible.unfinished_before(timezone.localdate()).for_list().order_by("starts_at", "pk")
    return [(appointment, offered_steps(user, appointment)) for appointment in found[:MOST_SHOWN]]


def others(request, text: str) -> dict:
    """If nobody expected today matches: visits on other days, and patients without a visit."""
    visible = Appointment.objects.visible_to(request.user)
    another_day = appointments_matching(visible.upcoming(), text)
    patients = Patient.objects.visible_to(request.user).matching(text)
    return {
        "appointments": list(another_day.for_list().order_by("starts_at")[:MOST_SHOWN]),
        "patients": list(patients[:MOST_SHOWN]),
    }
