"""One job of the laboratory: its results are entered or corrected, its sample is labelled or rejected."""

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import visible_or_404
from clinical.admin.lab_worklist import as_shown, orders_or_404, require_laboratory, step_for
from clinical.forms.laboratory import CorrectionForm, FindingForm
from clinical.lab_jobs import CURRENT_RESULTS, Job, jobs_of, siblings_of
from clinical.models import LabOrder, LabResult
from clinical.services import (
    cancel_order,
    correct_result,
    enter_result,
    reject_sample,
    report_critical_value,
    take_back_correction,
    withdraw_result,
)
from clinical.statuses import LabOrderStatus
from hms.core.conflict_words import as_message
from hms.core.edit_conflicts import EditConflict
from hms.core.refusals import put_on_form
from hms.core.transactions import retried_atomic

_S = LabOrderStatus
TO_ENTER = (_S.COLLECTED, _S.RESULTED)


class NotSaved(Exception):
    """Rolls back what was saved of a panel when one of its results is refused."""


def show_job(admin_site, request, reference: str):
    require_laboratory(request)
    job = job_or_404(request, reference)
    forms = forms_of(job, (request.POST, request.FILES) if request.POST.get("act") == "enter" else ())
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        if act(request, job, forms):
            return HttpResponseRedirect(reverse("admin:lab-job", args=[reference]))
    conflicts = [form.conflict for _order, form in forms if form.conflict]
    page = admin_site.each_context(request) | {
        "title": job.title,
        "job": job,
        "orders": [(order, shown_results(order), job.waits_for(order)) for order in job.orders],
        "has_computed": any(order.test.is_computed for order in job.orders),
        "forms": forms,
        "conflict": EditConflict.joined(conflicts) if conflicts else None,
        "steps": [(part, step_for(request.user, part)) for part in jobs_of(job.orders)],
        "may_reject": any(order.status in TO_ENTER and not order.released_at for order in job.orders),
        "to_cancel": [order for order in job.orders if order.status in (_S.ORDERED, _S.COLLECTED)],
    }
    status = 409 if conflicts else 200
    return TemplateResponse(request, "clinical/admin/lab_job.html", page, status=status)


def job_or_404(request, reference: str) -> Job:
    visible = LabOrder.objects.visible_to(request.user)
    order = visible_or_404(request, visible.select_related("test"), reference)
    rows = siblings_of(visible, order)
    if order.status != _S.CANCELLED:
        rows = rows.exclude(status=_S.CANCELLED)
    rows = rows.select_related("patient", "test", "panel", "doctor", "recorded_by")
    return Job(list(rows.prefetch_related(CURRENT_RESULTS).order_by("test__position", "pk")))


def shown_results(order: LabOrder) -> list[LabResult]:
    """The results of an order, the latest first, also those that were corrected."""
    found, result = [], next(iter(order.current), None)
    while result is not None:
        result.order = order
        found.append(result)
        result = result.replaces
    return found


def forms_of(job: Job, posted=()) -> list[tuple[LabOrder, FindingForm]]:
    return [
        (order, FindingForm(*posted, row=order, shown=shown_of(order), prefix=order.reference))
        for order in job.orders
        if order.status in TO_ENTER and not order.test.is_computed and not is_withdrawn(order)
    ]


def is_withdrawn(order: LabOrder) -> bool:
    """Whether it waits to be verified that there is no valid result."""
    return any(result.is_withdrawal for result in order.current)


def shown_of(order: LabOrder) -> LabResult | None:
    return next((result for result in order.current), None) if order.status == _S.RESULTED else None


def enter(request, _job: Job, forms) -> bool:
    """Save the results of the panel, all or none; empty boxes stay without a result."""
    if not all([form.is_valid() for _order, form in forms]):  # noqa: C419 - every form shows its errors
        return False
    given = [(order, form) for order, form in forms if form.finding is not None]
    try:
        is_changed = retried_atomic(save_all)(given, request.user)
    except NotSaved:
        return False
    if is_changed:
        messages.success(request, _("Saved. Another person verifies it."))
    else:
        messages.info(request, _("Nothing was entered or changed."))
    return True


def save_all(given, by) -> bool:
    """Whether anything was saved that was not there before."""
    is_changed = False
    for order, form in given:
        try:
            result = form.save_unless_changed(
                lambda order=order, form=form: enter_result(order=order, finding=form.finding, by=by)
            )
            is_changed |= result.order.resulted_at != order.resulted_at
        except ValidationError as refusal:
            if not form.conflict:
                put_on_form(form, refusal)
            raise NotSaved from refusal
    return is_changed


def report(request, job: Job, _forms) -> bool:
    to = request.POST.get("reported_to", "")
    found = job.unreported
    orders = [one.order for one in found]
    return told(
        request, orders, "",
        lambda: [report_critical_value(result=one, to=to, by=request.user) for one in found],
    )  # fmt: skip


def reject(request, job: Job, _forms) -> bool:
    reason = request.POST.get("reason", "")
    orders = [order for order in job.orders if order.status in TO_ENTER]
    return told(
        request, orders, _S.ORDERED, lambda: reject_sample(orders=orders, reason=reason, by=request.user)
    )


def cancel(request, job: Job, _forms) -> bool:
    reason = request.POST.get("reason", "")
    orders = orders_or_404(request, request.POST.getlist("order"))
    chosen = [order for order in job.orders if order in orders]
    return told(
        request, chosen, _S.CANCELLED,
        lambda: [cancel_order(order=one, reason=reason, by=request.user) for one in chosen],
    )  # fmt: skip


def take_back(request, job: Job, _forms) -> bool:
    result = next((one for one in job.corrections if one.reference == request.POST.get("result")), None)
    if result is None:
        raise Http404
    return told(request, [result.order], "", lambda: take_back_correction(result=result, by=request.user))


def told(request, orders: list[LabOrder], to: str, change) -> bool:
    """Make the change, all of it or nothing, if the orders are as shown, and say what happened."""
    try:
        as_shown(request, orders, to, change)
    except EditConflict as conflict:
        messages.warning(request, f"{conflict.row.test}: {as_message(conflict, request.user)}")
        return True
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return True
    messages.success(request, _("Saved."))
    return True


ACTS = {"enter": enter, "report": report, "reject": reject, "cancel": cancel, "take_back": take_back}


def correct(admin_site, request, reference: str):
    """Correct a verified or released result; both stay."""
    require_laboratory(request)
    visible = LabOrder.objects.visible_to(request.user).for_list().prefetch_related(CURRENT_RESULTS)
    order = visible_or_404(request, visible, reference)
    result = next((result for result in order.current if result.is_final), None)
    if result is None or order.test.is_computed:
        raise Http404
    result.order = order
    form = CorrectionForm(request.POST or None, request.FILES or None, row=order, shown=result)
    if form.is_valid() and corrected(form, result, request.user):
        return HttpResponseRedirect(reverse("admin:lab-job", args=[reference]))
    page = admin_site.each_context(request) | {
        "title": _("Correct the result"), "order": order, "result": result, "form": form,
    }  # fmt: skip
    return TemplateResponse(request, "clinical/admin/lab_correct.html", page, status=form.status)


def corrected(form: CorrectionForm, result: LabResult, by) -> bool:
    is_withdrawn, reason = form.cleaned_data["withdraw"], form.cleaned_data["reason"]
    finding = None if is_withdrawn else form.finding
    if finding is None and not is_withdrawn:
        form.add_error(None, _("Enter the result."))
        return False
    try:
        form.save_unless_changed(
            lambda: (
                withdraw_result(result=result, reason=reason, by=by)
                if is_withdrawn
                else correct_result(result=result, finding=finding, reason=reason, by=by)
            )
        )
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    return True


def print_label(admin_site, request, reference: str):
    require_laboratory(request)
    job = job_or_404(request, reference)
    if not job.first.label:
        raise Http404
    page = admin_site.each_context(request) | {
        "title": _("Label %(label)s") % {"label": job.first.label},
        "job": job,
        "qr": segno.make(job.first.label, error="m", micro=False).svg_data_uri(scale=4, border=1),
    }
    return TemplateResponse(request, "clinical/admin/lab_label.html", page)
