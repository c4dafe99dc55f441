"""The laboratory's worklist: what is to be collected, entered, verified and released, by urgency and age."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clinical.forms.laboratory import LabStepForm
from clinical.lab_jobs import CURRENT_RESULTS, Job, jobs_of, waiting_of_panels
from clinical.models import LabOrder
from clinical.services import collect_sample, release_result, verify_result
from clinical.services.lab_findings import current_result
from clinical.services.lab_orders import LABORATORY
from clinical.statuses import LabOrderStatus, LabSection
from hms.core.admin_conflicts import prefix_of
from hms.core.buttons import way_back
from hms.core.conflict_words import as_message
from hms.core.days import local_day
from hms.core.edit_conflicts import EditConflict
from hms.core.transactions import retried_atomic

MOST_SHOWN = 300
_S = LabOrderStatus
TABS = {
    _S.ORDERED: _("To collect"),
    _S.COLLECTED: _("To enter"),
    _S.RESULTED: _("To verify"),
    _S.VERIFIED: _("To release"),
    _S.RELEASED: _("Released today"),
}


def require_laboratory(request) -> None:
    if not request.user.has_perm(LABORATORY):
        raise PermissionDenied


def show_worklist(admin_site, request):
    require_laboratory(request)
    text, section = request.GET.get("q", "").strip(), request.GET.get("section", "")
    orders = LabOrder.objects.visible_to(request.user)
    if section in LabSection.values:
        orders = orders.filter(test__section=section)
    if text and (labelled := orders.filter(label=text).first()):
        return HttpResponseRedirect(reverse("admin:lab-job", args=[labelled.reference]))
    counts = count_by_status(orders)
    status = request.GET.get("status") or next((one for one in TABS if counts[one.value]), _S.ORDERED)
    shown = orders.matching(text) if text else at_status(orders, status)
    rows = list(shown.for_list().most_urgent_first().prefetch_related(CURRENT_RESULTS)[:MOST_SHOWN])
    page = admin_site.each_context(request) | {
        "title": _t("Laboratory"),
        "q": text,
        "section": section,
        "sections": LabSection.choices,
        "status": "" if text else status,
        "tabs": [(one.value, label, counts[one.value]) for one, label in TABS.items()],
        "rows": [(job, step_for(request.user, job)) for job in jobs_of(rows)],
        "is_cut": len(rows) == MOST_SHOWN,
    }
    return TemplateResponse(request, "clinical/admin/lab_worklist.html", page)


def at_status(orders, status: str):
    """Of the released ones only those of today."""
    if status == _S.RELEASED:
        return orders.filter(status=status, released_at__gte=local_day(timezone.localdate())[0])
    return orders.filter(status=status)


def count_by_status(orders) -> dict[str, int]:
    today = Q(released_at__gte=local_day(timezone.localdate())[0])
    return orders.order_by().aggregate(
        **{
            status.value: Count("pk", filter=Q(status=status) & (today if status == _S.RELEASED else Q()))
            for status in TABS
        }
    )


@dataclass(frozen=True)
class JobStep:
    """A one-button step of a job; `page` instead of `name` where something has to be typed."""

    label: str
    name: str = ""
    page: str = ""
    also: "JobStep | None" = None  # a second button


def step_for(user, job: Job) -> JobStep | None:
    status = job.first.status
    if status == _S.ORDERED:
        return JobStep(_("Collect") if job.has_sample else _("Done, enter the report"), "collect")
    if status == _S.COLLECTED:
        return JobStep(_("Enter the result"), page="admin:lab-job")
    if status == _S.RESULTED:
        if job.is_entered_by(user):
            return JobStep(_("Change"), page="admin:lab-job")
        both = None if job.unreported else JobStep(_("Verify and release"), "verify_release")
        return JobStep(_("Verify"), "verify", also=both)
    if status == _S.VERIFIED and job.unreported:
        return JobStep(_("Report the critical value"), page="admin:lab-job")
    return JobStep(_("Release"), "release") if status == _S.VERIFIED else None


def collect(orders: list[LabOrder], by) -> None:
    collect_sample(orders=orders, by=by)


def verify(orders: list[LabOrder], by) -> None:
    for order in orders:
        verify_result(result=current_or_404(order), by=by)


def release(orders: list[LabOrder], by) -> None:
    for order in orders:
        release_result(result=current_or_404(order), by=by)


def verify_and_release(orders: list[LabOrder], by) -> None:
    verify(orders, by)
    release(orders, by)


def current_or_404(order: LabOrder):
    result = current_result(order)
    if result is None:
        raise Http404
    return result


STEPS: dict[str, tuple[Callable[[list[LabOrder], object], None], LabOrderStatus]] = {
    "collect": (collect, _S.COLLECTED),
    "verify": (verify, _S.VERIFIED),
    "release": (release, _S.RELEASED),
    "verify_release": (verify_and_release, _S.RELEASED),
}


def take_lab_step(admin_site, request):  # noqa: ARG001 - as every page of the staff site
    """POST: take one step of the orders of a job.

    One label is collected for all or none of them; each result is verified and released by itself.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    require_laboratory(request)
    step, to = STEPS.get(request.POST.get("step", ""), (None, None))
    orders = orders_or_404(request, request.POST.getlist("order"))
    if step is None:
        raise Http404
    back = HttpResponseRedirect(way_back(request, reverse("admin:lab")))
    if step is collect:
        return after_collecting(orders) if is_done(request, orders, to, step) else back
    by_input = sorted(orders, key=lambda one: one.test.is_computed)
    if done := [order for order in by_input if is_done(request, [order], to, step)]:
        say_done(request, orders, done)
    return back


def is_done(request, orders: list[LabOrder], to: str, step: Callable) -> bool:
    """Take the step of these orders, all or none; otherwise say of which test why not."""
    try:
        as_shown(request, orders, to, lambda: step(orders, request.user))
    except EditConflict as conflict:
        messages.warning(request, f"{conflict.row.test}: {as_message(conflict, request.user)}")
    except ValidationError as refusal:
        messages.error(request, f"{Job(orders).tests}: {' '.join(refusal.messages)}")
    else:
        return True
    return False


def say_done(request, orders: list[LabOrder], done: list[LabOrder]) -> None:
    """Name the tests, and what is still to come of their panels."""
    waiting = waiting_of_panels(LabOrder.objects.visible_to(request.user), done)
    is_whole = len(done) == len(orders) and not waiting
    tests = Job(done).title if is_whole else Job(done).tests
    messages.success(request, _t("Done: %(tests)s.") % {"tests": tests})
    for (_label, panel), names in waiting.items():
        said = _t("%(panel)s is not complete. Still to be released: %(tests)s.")
        messages.info(request, said % {"panel": panel, "tests": ", ".join(names)})


@retried_atomic
def as_shown(request, orders: list[LabOrder], to: str, change: Callable[[], object]) -> None:
    """Make the change of these orders, all or none, if each is as the page of the button showed it."""
    for order in sorted(orders, key=lambda one: one.pk):
        form = LabStepForm(request.POST, row=order, prefix=prefix_of(order), to=to)
        form.full_clean()
        form.save_unless_changed(lambda: None)
    change()


def orders_or_404(request, references: Iterable[str]) -> list[LabOrder]:
    wanted = set(references)
    visible = LabOrder.objects.visible_to(request.user).filter(reference__in=wanted)
    found = list(visible.for_list().order_by("test__position", "pk"))
    if not found or len(found) != len(wanted):
        raise Http404
    return found


def after_collecting(orders: list[LabOrder]) -> HttpResponseRedirect:
    """The label of a sample, or the report of an image."""
    page = "admin:lab-label" if Job(orders).has_sample else "admin:lab-job"
    return HttpResponseRedirect(reverse(page, args=[orders[0].reference]))
