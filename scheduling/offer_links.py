"""The signed link to an offer: whoever holds it sees the offer and answers it, without a login."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

SIGNER = Signer(salt="scheduling.offer")


def link_to_offer(offer) -> str:
    """The address of the offer's page on this site."""
    return reverse("scheduling:answer-offer", args=[SIGNER.sign(offer.reference)])


def reference_in(token: str) -> str | None:
    """The reference of the offer that the link is for; None if nobody here has signed it."""
    try:
        return SIGNER.unsign(token)
    except BadSignature:
        return None
