"""The page after the bank: the outcome of the payment."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from billing.models import Payment
from billing.views.outcome import outcome_of, ways_on
from billing.views.scoped import own_payment_or_404
from scheduling.statuses import HOLDING, AppointmentStatus


@login_required
@require_safe
def show_payment(request, reference):
    """Redirects to the confirmation if the visit is paid and booked; otherwise explains the next step."""
    payment = own_payment_or_404(request, reference)
    visit = payment.invoice.appointment
    if payment.is_captured and not payment.refunded_amount and visit and visit.status in HOLDING:
        return redirect("scheduling:show-confirmation", visit.reference)
    retry = may_try_again(payment)
    context = {
        "payment": payment,
        "appointment": visit,
        "outcome": outcome_of(payment, ways_on(payment, retry)),
        "is_held": retry == "hold",
    }
    return render(request, "billing/show_payment.html", context)


def may_try_again(payment: Payment) -> str:
    """The page that accepts another attempt: "hold" is the check page, "bill" the bill's page, "" none."""
    visit = payment.invoice.appointment
    if visit is None or (payment.is_captured and not payment.is_refunded_in_full):
        return ""
    if visit.status == AppointmentStatus.HELD:
        return "" if visit.hold_has_expired else "hold"
    return "bill" if visit.status in HOLDING and payment.invoice.is_due else ""
