"""Queues messages about times that are held for somebody."""

from django.conf import settings
from django.dispatch import receiver

from accounts.models import Guardianship, Patient, Scope
from hms.notifications.receivers import own_record_of
from hms.notifications.services import queue_notification
from hms.notifications.statuses import Kind
from scheduling.models import Offer
from scheduling.offer_links import link_to_offer
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
    context = {"offer": offer, "address": _address_of(offer)}
    for who, to, reader in readers_of(offer.patient):
        queue_notification(
            kind=kind,
            to=to,
            patient=offer.patient,
            reader=reader,
            context=context,
            # One offer can be for another time later.
            key=f"{kind}/{offer.reference}/{offer.hold_id}/{who}",
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


def _address_of(offer: Offer) -> str:
    """The page of the offer; empty if the site's address is not set."""
    return settings.SITE_ADDRESS and settings.SITE_ADDRESS.rstrip("/") + link_to_offer(offer)
