"""Tells people that somebody may act, or may no longer act, for a patient."""

from django.dispatch import receiver

from accounts.models import Guardianship, Relation
from accounts.signals import care_ended, care_given
from hms.notifications.services import queue_notification, take_back
from hms.notifications.statuses import Kind


@receiver(care_given)
def tell_of_new_care(guardianship, by, **_kwargs):
    _tell(guardianship, Kind.CARE_GIVEN, by)


@receiver(care_ended)
def tell_of_the_end_of_care(guardianship, by, **_kwargs):
    _take_back_what_waits(guardianship)
    _tell(guardianship, Kind.CARE_ENDED, by)


def _take_back_what_waits(guardianship: Guardianship) -> None:
    """What was written to the carer about the patient and has not left yet; not about the carer's own money.

    An address that the patient's record has too is the patient's.
    """
    patient, address = guardianship.patient, guardianship.user.email
    if address and address != patient.email:
        take_back(patient=patient, address=address, but=(Kind.RECEIPT, Kind.REFUND, Kind.CARE_GIVEN))


def _tell(guardianship: Guardianship, kind: str, by) -> None:
    """Write to the patient's own login and to the carer, except to whoever did it.

    To the address in the patient's record only if it was not the carer, who may have typed that address.
    """
    patient, carer = guardianship.patient, guardianship.user
    if guardianship.relation == Relation.SELF:
        return
    own = patient.guardianships.in_force().filter(relation=Relation.SELF).select_related("user").first()
    addresses = {own.user.email if own else "", carer.email, "" if by.pk == carer.pk else patient.email}
    addresses -= {"", getattr(by, "email", "")}
    moment = guardianship.revoked_at or guardianship.consented_at
    for number, address in enumerate(sorted(addresses)):
        queue_notification(
            kind=kind,
            to=address,
            patient=patient,
            reader=patient,
            context={"who": carer.full_name or carer.email, "patient": patient.full_name},
            key=f"{kind}/{guardianship.reference}/{moment:%y%m%d%H%M%S%f}/{number}",
        )
