"""Queues messages about times that are held for somebody."""

from django.dispatch import receiver
from django.utils.translation import override

from accounts.models import Guardianship, Patient, Scope
from hms.notifications.offer_words import key_of, values_of
from hms.notifications.people import sms_number_of
from hms.notifications.receivers import own_record_of
from hms.notifications.services import language_of, queue_notification
from hms.notifications.statuses import Channel, Kind
from scheduling.models import Offer
from scheduling.signals import offer_made, visit_stays


@receiver(offer_made)
def tell_of_the_offer(offer, **_kwargs):
    """Tell who may answer: the time, until when it is held, and the link to the page of the offer."""
    _tell_those_who_answer(offer, Kind.LEAVE_OFFER if offer.is_cascade else Kind.WAITING_OFFER)


@receiver(visit_stays)
def tell_that_the_visit_stays(offer, **_kwargs):
    """Tell whoever was asked to choose another time that they need not."""
    _tell_those_who_answer(offer, Kind.VISIT_STAYS)


def _tell_those_who_answer(offer: Offer, kind: Kind) -> None:
    told = [(Channel.EMAIL, *found) for found in readers_of(offer.patient)]
    if number := sms_number_of(offer.patient):
        told.append((Channel.SMS, "sms", number, offer.patient))
    for channel, who, to, reader in told:
        with override(language_of(reader)):
            values = values_of(offer)
        queue_notification(
            kind=kind,
            channel=channel,
            to=to,
            patient=offer.patient,
            reader=reader,
            context=values,
            key=key_of(offer, kind, who),
        )


def readers_of(patient: Patient) -> list[tuple[str, str, Patient]]:
    """Logins that may book for the patient, and the patient's own address, unless they want no e-mail."""
    if not patient.wants_email:
        return []
    carers = Guardianship.objects.in_force().filter(patient=patient, user__is_active=True)
    found = {}
    for carer in carers.with_any([Scope.BOOK]).select_related("user").order_by("pk"):
        own = own_record_of(carer.user)
        if own is None or own.wants_email:
            found[carer.user.email] = (str(carer.user.pk), carer.user.email, own or patient)
    if patient.email:
        found.setdefault(patient.email, ("patient", patient.email, patient))
    return list(found.values())
