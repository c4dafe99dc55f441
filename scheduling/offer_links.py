"""The link to an offer: whoever holds it sees the offer and answers it, without a login."""

from django.urls import reverse

from scheduling.link_codes import code_for

SALT = "scheduling.offer_links"


def link_to_offer(offer) -> str:
    """The address of the offer's page on this site."""
    return reverse("scheduling:answer-offer", args=[code_of(offer)])


def code_of(offer) -> str:
    return code_for(offer, offer.reference, salt=SALT)
