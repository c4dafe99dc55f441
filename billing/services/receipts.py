"""A receipt is a copy of everything it says, made when the money came, and never changed."""

from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from billing.models import BillingProfile, InvoiceLine, Payment, Receipt
from billing.services.numbering import RECEIPTS, next_number
from hms.core.transactions import retried_atomic

TEMPLATE_VERSION = 1


@retried_atomic
def issue_receipt(*, payment: Payment) -> Receipt:
    """Number and freeze the receipt of a captured payment; a second call gives the first one's."""
    receipt = Receipt.objects.filter(payment=payment).first()
    if receipt:
        return receipt
    now = timezone.now()
    frozen = freeze(payment, now)  # before the number's row is locked, which all others wait for
    number = next_number(RECEIPTS, timezone.localdate(now))
    return Receipt.objects.create(
        payment=payment,
        series=number.series,
        financial_year=number.financial_year,
        serial=number.serial,
        number=str(number),
        issued_at=now,
        frozen={"number": str(number)} | frozen,
    )


def freeze(payment: Payment, now) -> dict:
    """Everything printed on the receipt but its number; amounts as decimal strings."""
    invoice = payment.invoice
    return {
        "version": TEMPLATE_VERSION,
        "issued_on": _day(now),
        "hospital": _hospital(timezone.localdate(now)),
        "patient": _patient(invoice.patient),
        "visit": _visit(invoice.appointment) if invoice.appointment else None,
        "bill": invoice.reference,
        "lines": [_line(line) for line in invoice.lines.all()],
        **_amounts(invoice, "taxable_value", "cgst", "sgst", "igst", "total"),
        "payment": {
            "reference": payment.reference,
            "transaction": payment.gateway_reference or payment.reference,
            "method": payment.get_method_display(),
            "gateway": payment.get_gateway_display(),
            "amount": str(payment.amount),
            "at": _moment(payment.captured_at),
        },
    }


def _hospital(on) -> dict:
    profile = BillingProfile.objects.in_force(on)
    return {
        "name": settings.HOSPITAL["name"],
        "legal_name": profile.legal_name if profile else "",
        "gstin": profile.gstin if profile else "",
        "address": settings.HOSPITAL["address"],
        "phone": settings.HOSPITAL["phone"],
    }


def _patient(patient) -> dict:
    return {"name": patient.full_name, "mrn": patient.mrn, "address": patient.address_lines}


def _visit(visit) -> dict:
    return {
        "reference": visit.reference,
        "doctor": visit.doctor.full_name,
        "registration": visit.doctor.registration_number,
        "at": _moment(visit.starts_at),
        "branch": visit.branch.name,
    }


def _line(line: InvoiceLine) -> dict:
    return {
        "description": line.description,
        "quantity": f"{line.quantity.normalize():f}",
        "treatment": line.get_treatment_display(),
        "rate": f"{line.rate.normalize():f}",
        "sac": line.sac,
        **_amounts(line, "unit_price", "discount", "taxable_value", "cgst", "sgst", "igst", "total"),
    }


def _amounts(row, *names: str) -> dict[str, str]:
    return {name: str(getattr(row, name).quantize(Decimal("0.01"))) for name in names}


def _moment(at) -> str:
    return date_format(timezone.localtime(at), "j F Y, g:i A")


def _day(at) -> str:
    return date_format(timezone.localtime(at), "j F Y")
