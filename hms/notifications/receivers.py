"""Queues notifications about events, in the transaction of each event."""

from django.dispatch import receiver

from accounts.models import Patient, Relation
from billing.models import Payment
from billing.signals import refund_decided
from hms.notifications.services import queue_notification
from hms.notifications.statuses import Kind


@receiver(refund_decided)
def tell_the_payer(refund, **_kwargs):
    """Queue a message about a refund: amount, reason and method."""
    payment = refund.payment
    address = address_of_payer(payment)
    if not address:
        return
    patient = payment.invoice.patient
    queue_notification(
        kind=Kind.REFUND,
        to=address,
        patient=patient,
        reader=person_of(payment) or patient,
        context={"refund": refund, "payment": payment},
        key=f"refund/{refund.reference}",
    )


def address_of_payer(payment: Payment) -> str:
    """The login that paid online; for a desk payment the patient, or nothing if they declined e-mail."""
    if _paid_by_login(payment):
        return payment.by.email
    patient = payment.invoice.patient
    return patient.email if patient.wants_email else ""


def person_of(payment: Payment) -> Patient | None:
    """The paying login's own patient record, which holds the preferred language."""
    if not _paid_by_login(payment):
        return None
    own = Patient.objects.filter(guardianships__user=payment.by, guardianships__relation=Relation.SELF)
    return own.select_related("preferred_language").first()


def _paid_by_login(payment: Payment) -> bool:
    return payment.by is not None and not payment.by.is_staff
