"""Admin pages for taking a payment at the front desk and for refunding one."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import visible_or_404
from accounts.exceptions import SecondPersonNeeded
from accounts.models import ApprovalRequest
from billing.forms import DeskPaymentForm, RefundForm
from billing.models import Payment, Refund
from billing.services import (
    ask_refund,
    pay_out_refund,
    refund_payment,
    take_desk_payment,
    void_payment,
)
from billing.services.invoices import price_of
from billing.statuses import PaymentStatus, RefundStatus
from hms.core.buttons import already, press, way_back
from hms.core.forms import StepForm
from hms.core.money import money
from hms.core.refusals import put_on_form
from scheduling.models import Appointment


def take_payment_page(model_admin):
    """Take the payment for a visit: GET shows the price, POST records the payment and redirects to it."""

    def view(request, reference):
        if not request.user.has_perm("billing.take_payment"):
            raise PermissionDenied
        visits = Appointment.objects.visible_to(request.user).for_list()
        visit = visible_or_404(request, visits, reference)
        form = DeskPaymentForm(request.POST or None)
        if form.is_valid() and (payment := taken(request, visit, form)):
            text = _("%(amount)s taken, receipt %(number)s.")
            values = {"amount": money(payment.amount), "number": payment.receipt.number}
            model_admin.message_user(request, text % values, messages.SUCCESS)
            return HttpResponseRedirect(page_of(payment))
        context = {
            "title": _("Take payment"),
            "opts": model_admin.opts,
            "appointment": visit,
            "quote": price_of(visit),
            "bill": visit.invoices.order_by("-pk").first(),
            "form": form,
        }
        return shown(request, model_admin, "billing/admin/take_payment.html", context)

    return view


def refund_page(model_admin):
    """Refund a payment in part or in full: GET shows the refundable amount, POST creates the refund."""

    def view(request, object_id):
        payment = model_admin.get_object(request, object_id)
        if payment is None:
            return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
        if not request.user.has_perm("billing.refund_payment"):
            raise PermissionDenied
        form = RefundForm(request.POST or None, row=payment, initial={"amount": payment.refundable_amount})
        if form.is_valid() and (done := refunded_or_asked(request, payment, form)):
            message, level = decided(done)
            model_admin.message_user(request, message, level)
            return HttpResponseRedirect(page_of(payment))
        context = {
            "title": _("Refund"),
            "opts": model_admin.opts,
            "payment": form.row,
            "limit": settings.REFUND_LIMIT,
            "form": form,
        }
        return shown(request, model_admin, "billing/admin/refund.html", context, status=form.status)

    return view


def void_page(model_admin):
    """Give up a payment whose money has not come: GET asks whether it is meant, POST does it."""

    def view(request, object_id):
        payment = model_admin.get_object(request, object_id)
        if payment is None:
            return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
        if not request.user.has_perm("billing.void_payment"):
            raise PermissionDenied
        is_meant = request.method == "POST"
        form = StepForm(request.POST if is_meant else None, row=payment, to=PaymentStatus.ABANDONED)
        if is_meant:
            void_as_shown(request, payment, form)
        elif payment.is_open:
            context = {"title": _("Give up"), "opts": model_admin.opts, "payment": payment, "form": form}
            return shown(request, model_admin, "billing/admin/void.html", context)
        return HttpResponseRedirect(page_of(payment))

    return view


def void_as_shown(request, payment: Payment, form: StepForm) -> None:
    def done(given_up: Payment) -> str:
        if form.was_done:
            return f"{payment}: {already(given_up.get_status_display())}"
        return _("The payment is given up.")

    void = partial(void_payment, payment=payment, by=request.user)
    press(request, form, void, about=str(payment), done=done)


def hand_out_button(model_admin):
    """POST: mark a refund as handed out at the front desk, then go back to the page of the button."""

    def view(request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        refund = model_admin.get_object(request, object_id)
        if refund is None:
            return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
        if not request.user.has_perm("billing.refund_payment"):
            raise PermissionDenied
        form = StepForm(request.POST, row=refund, to=RefundStatus.PROCESSED)

        def done(paid_out: Refund) -> str:
            if form.was_done:
                return f"{refund}: {already(paid_out.state)}"
            return _("%(amount)s is handed out.") % {"amount": money(refund.amount)}

        press(
            request,
            form,
            partial(pay_out_refund, refund=refund, by=request.user),
            about=str(refund),
            done=done,
        )
        page = reverse("admin:billing_refund_change", args=[refund.pk])
        return HttpResponseRedirect(way_back(request, page))

    return view


def taken(request, visit: Appointment, form: DeskPaymentForm) -> Payment | None:
    answers = dict(form.cleaned_data)
    key = answers.pop("key")
    try:
        return take_desk_payment(appointment=visit, **answers, by=request.user, idempotency_key=key)
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return None


def refunded_or_asked(request, payment: Payment, form: RefundForm) -> Refund | ApprovalRequest | None:
    """The refund, or above the limit the request that another person approves it."""
    answers = dict(form.cleaned_data)
    key = answers.pop("key")

    def refund_or_ask():
        try:
            return refund_payment(payment=payment, by=request.user, idempotency_key=key, **answers)
        except SecondPersonNeeded:
            return ask_refund(payment=payment, by=request.user, **answers)

    try:
        return form.save_unless_changed(refund_or_ask)
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return None


def decided(refund: Refund | ApprovalRequest) -> tuple[str, int]:
    if isinstance(refund, ApprovalRequest):
        text = _("Nothing is refunded yet. This waits for the approval of another person: %(what)s")
        return text % {"what": refund.summary}, messages.WARNING
    if refund.is_to_hand_out:
        text = _("Refund due: hand out %(amount)s, then mark the refund as handed out.")
    else:
        text = _("A refund of %(amount)s is on its way.")
    return text % {"amount": money(refund.amount)}, messages.SUCCESS


def page_of(payment: Payment) -> str:
    return reverse("admin:billing_payment_change", args=[payment.pk])


def shown(request, model_admin, template: str, context: dict, status: int = 200) -> TemplateResponse:
    context = model_admin.admin_site.each_context(request) | context
    return TemplateResponse(request, template, context, status=status)
