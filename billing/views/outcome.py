"""What the page of a payment says and offers; it follows from the payment, its bill and the visit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Payment
from billing.statuses import GatewayCode, InvoiceStatus, RefundStatus
from hms.core.money import money
from scheduling.statuses import HOLDING, AppointmentStatus

S = AppointmentStatus
BOOKED = HOLDING - {S.HELD}
UNBOOKED = (S.HELD, S.EXPIRED)


@dataclass(frozen=True)
class Link:
    url: str
    label: str
    icon: str = ""


@dataclass(frozen=True)
class Outcome:
    title: str
    tone: str = ""  # of the notice with the reason
    reason: str = ""
    texts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)  # the first is the main one


def outcome_of(payment: Payment, way_on: list[Link]) -> Outcome:
    if payment.refunded_amount:
        return _refunded(payment, way_on)
    if payment.is_captured:
        return Outcome(_("Paid"), texts=_about_visit(payment), links=[_receipt(payment), *way_on])
    if payment.is_open:
        return _waiting(payment, way_on)
    reason = f"{payment.failure_reason or _('It was not completed.')} {_('Nothing was charged.')}"
    title = _("The payment did not go through")
    return Outcome(title, "bad", reason, _about_visit(payment), way_on)


def ways_on(payment: Payment, retry: str) -> list[Link]:
    """The page that leads on from a payment; `retry` as `may_try_again` returns it."""
    visit = payment.invoice.appointment
    if retry == "hold":
        return [Link(reverse("billing:check-booking", args=[visit.reference]), _("Pay another way"))]
    if retry == "bill":
        page = reverse("billing:pay-bill", args=[payment.invoice.reference])
        return [Link(page, _("Pay another way"))]
    if visit is None:
        return []
    if visit.status in BOOKED:
        return [Link(visit.get_absolute_url(), _("View the appointment"))]
    page = reverse("scheduling:show-doctor", args=[visit.doctor.reference])
    return [Link(page, _("Choose another time"))]


def _refunded(payment: Payment, way_on: list[Link]) -> Outcome:
    due = payment.amount_to_hand_out
    back = payment.refunded_amount - due
    amounts = {"paid": money(payment.amount), "back": money(back), "due": money(due)}
    how = " ".join([_("You paid %(paid)s."), *_how_refunded(payment, due, back)])
    texts = [how % amounts, *_about_visit(payment)]
    reason = payment.refunds.exclude(status=RefundStatus.FAILED).first().reason
    return Outcome(_refund_title(payment), "warn", reason, texts, [*way_on, _receipt(payment)])


def _refund_title(payment: Payment) -> str:
    if payment.is_doubled:
        return _("You paid twice: this payment is refunded")
    if payment.amount_to_hand_out:
        return _("Your refund is due at the front desk")
    if payment.gateway == GatewayCode.DESK:
        return _("Your refund has been handed out")
    return _("Your refund is on its way") if payment.pending_refunds else _("Your refund has been sent")


def _how_refunded(payment: Payment, due: Decimal, back: Decimal) -> Iterator[str]:
    """Who returns the money; at the desk a part may have been handed out before."""
    if due:
        yield _("Please collect your refund of %(due)s at the front desk.")
    if back and payment.gateway == GatewayCode.DESK:
        yield _("%(back)s was handed out to you at the front desk.")
    elif back:
        yield _("%(back)s is refunded the way you paid; for a card this can take five to seven working days.")


def _waiting(payment: Payment, way_on: list[Link]) -> Outcome:
    again = Link(payment.get_absolute_url(), _("Check again"), "refresh")
    bill, visit = payment.invoice, payment.invoice.appointment
    begun = _("Your bank has not yet confirmed your payment of %(amount)s.") % {
        "amount": money(payment.amount)
    }
    if bill.is_paid:
        texts = [begun, _("If it still does, we refund this payment in full."), *_about_visit(payment)]
        return Outcome(_("This payment is no longer needed"), texts=texts, links=[*way_on, again])
    if bill.status == InvoiceStatus.VOID or (visit and visit.status == S.CANCELLED):
        then = _("If it does, we refund the full amount.")
    elif visit is None or visit.status in BOOKED:
        then = _("As soon as it does, the bill is paid.")
    else:
        then = _(
            "As soon as it does, we book the appointment. If the time is no longer available then, we refund "
            "the full amount."
        )
    links = [again, *_bank(payment), *way_on]
    return Outcome(
        _("We are waiting for your bank"), texts=[begun, then, *_about_visit(payment)], links=links
    )


def _bank(payment: Payment) -> list[Link]:
    if payment.gateway != GatewayCode.SIMULATED:
        return []
    page = reverse("billing:pay-simulated", args=[payment.reference])
    return [Link(page, _("Back to the bank’s page"))]  # noqa: RUF001 - an apostrophe


def _receipt(payment: Payment) -> Link:
    page = reverse("billing:show-receipt", args=[payment.reference])
    return Link(page, _("Receipt %(number)s") % {"number": payment.receipt.number})


def _about_visit(payment: Payment) -> list[str]:
    """What became of the appointment, and with which payment it is paid."""
    visit, counting = payment.invoice.appointment, payment.invoice.counting_payment
    texts = []
    if visit and visit.status in (S.BOOKED, S.ARRIVED):
        texts.append(_("Your appointment is booked."))
    elif visit and visit.status == S.CANCELLED:
        texts.append(_("The appointment is cancelled."))
    elif visit and visit.status in UNBOOKED and payment.is_captured:
        texts.append(_("The appointment was not booked."))
    if counting and counting.pk != payment.pk:
        named = {"reference": counting.reference, "method": counting.get_method_display()}
        texts.append(_("It is paid with payment %(reference)s (%(method)s).") % named)
    return texts
