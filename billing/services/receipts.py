"""A receipt stores a copy of everything printed on it, made at the time of payment and never changed."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from billing.models import BillingProfile, InvoiceLine, Payment, Receipt
from billing.services.numbering import RECEIPTS, DocumentNumber, next_number
from hms.core.transactions import retried_atomic
from scheduling.moments import clock

TEMPLATE_VERSION = 1


@retried_atomic
def issue_receipt(*, payment: Payment) -> Receipt:
    """Issue the numbered receipt of a captured payment; a second call returns the same receipt."""
    receipt = Receipt.objects.filter(payment=payment).first()
    if receipt:
        return receipt
    now = timezone.now()
    # The copy is made before the number's row is locked, so that other receipts wait as briefly as possible.
    profile = BillingProfile.objects.in_force(timezone.localdate(now))
    frozen = freeze(payment, lines=payment.invoice.lines.all(), profile=profile, at=now)
    number = next_number(RECEIPTS, timezone.localdate(now))
    receipt = numbered(payment, number, frozen, at=now)
    receipt.save(force_insert=True)
    return receipt


def numbered(payment: Payment, number: DocumentNumber, frozen: dict, *, at: datetime) -> Receipt:
    return Receipt(
        payment=payment,
        series=number.series,
        financial_year=number.financial_year,
        serial=number.serial,
        number=str(number),
        issued_at=at,
        frozen={"number": str(number)} | frozen,
    )


def freeze(
    payment: Payment, *, lines: Iterable[InvoiceLine], profile: BillingProfile | None, at: datetime
) -> dict:
    """Everything printed on the receipt except its number; amounts as decimal strings."""
    invoice = payment.invoice
    return {
        "version": TEMPLATE_VERSION,
        "issued_on": day_text(at),
        "hospital": _hospital(profile),
        "patient": _patient(invoice.patient),
        "visit": _visit(invoice.appointment) if invoice.appointment else None,
        "bill": invoice.reference,
        "lines": [_line(line) for line in lines],
        **_amounts(invoice, "taxable_value", "cgst", "sgst", "igst", "total"),
        "payment": {
            "reference": payment.reference,
            "transaction": payment.gateway_reference or payment.reference,
            "method": payment.get_method_display(),
            "gateway": payment.get_gateway_display(),
            "amount": str(payment.amount),
            "at": moment_text(payment.captured_at),
        },
    }


def _hospital(profile: BillingProfile | None) -> dict:
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
        "speciality": visit.doctor.specialization.name,
        "registration": visit.doctor.registration_number,
        "at": moment_text(visit.starts_at),
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


def moment_text(at) -> str:
    return f"{day_text(at)}, {clock(at)}"


def day_text(at) -> str:
    return _date(timezone.localdate(at), get_language())


@lru_cache(maxsize=1024)
def _date(day: date, _language: str | None) -> str:
    return date_format(day, "j F Y")
