"""Queues notifications about events, in the transaction of each event."""

from django.conf import settings
from django.dispatch import receiver

from accounts.models import Guardianship, Patient, Relation, User
from billing.models import Payment, Receipt
from billing.signals import payment_captured, refund_decided
from clinical.models import ClinicalRecord
from clinical.signals import document_withdrawn, released_to_patient
from hms.core.money import money
from hms.notifications.links import address_of
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


@receiver(payment_captured)
def send_the_receipt(payment, **_kwargs):
    """Queue a message about a payment that has come, with the number of its receipt."""
    address = address_of_payer(payment)
    receipt = Receipt.objects.filter(payment=payment).first()
    if not address or receipt is None:
        return
    patient = payment.invoice.patient
    page = address_of("billing:show-receipt", payment.reference)
    queue_notification(
        kind=Kind.RECEIPT,
        to=address,
        patient=patient,
        reader=person_of(payment) or patient,
        context={"amount": money(payment.amount), "number": receipt.number, "page": page},
        key=f"receipt/{payment.reference}",
    )


def address_of_payer(payment: Payment) -> str:
    """The login that paid online; for a desk payment the patient, or nothing if they declined e-mail."""
    if _paid_by_login(payment):
        return payment.by.email
    patient = payment.invoice.patient
    return patient.email if patient.wants_email else ""


def person_of(payment: Payment) -> Patient | None:
    return own_record_of(payment.by) if _paid_by_login(payment) else None


def _paid_by_login(payment: Payment) -> bool:
    return payment.by is not None and not payment.by.is_staff


@receiver(released_to_patient)
def tell_of_something_new(record, **_kwargs):
    """Tell those who may read the record that there is something new; what it is they read after login."""
    _tell_readers(record, Kind.NEW_RECORD)


@receiver(document_withdrawn)
def tell_of_a_withdrawal(record, **_kwargs):
    """Tell those who may read the document that it is not to be used any longer."""
    _tell_readers(record, Kind.WITHDRAWAL)


def _tell_readers(record: ClinicalRecord, kind: Kind) -> None:
    for user in readers_of(record):
        own = own_record_of(user)
        if own is not None and not own.wants_email:
            continue
        queue_notification(
            kind=kind,
            to=user.email,
            patient=record.patient,
            reader=own or record.patient,
            context={"page": address_of_records()},
            key=f"{kind}/{record._meta.model_name}/{record.reference}/{user.pk}",
        )


def readers_of(record: ClinicalRecord) -> list[User]:
    """Logins of the patient and of carers who may read the record; none if the patient declined e-mail."""
    if not record.patient.wants_email:
        return []
    carers = Guardianship.objects.in_force().filter(patient=record.patient_id, user__is_active=True)
    logins = [carer.user for carer in carers.with_any(record.guardian_scopes).select_related("user")]
    rows = type(record)._base_manager.filter(pk=record.pk)
    return [user for user in logins if rows.filter(record.carer_grounds(user)).exists()]


def address_of_records() -> str:
    """The page that lists the records, which is the same for everybody; empty if the site's is not set."""
    return address_of(settings.RECORDS_URL)


def own_record_of(user: User) -> Patient | None:
    """The login's own patient record, which holds the preferred language and what may be sent."""
    held = Guardianship.objects.in_force().filter(user=user, relation=Relation.SELF)
    own = Patient.objects.filter(pk__in=held.values("patient"))
    return own.select_related("preferred_language").first()
