"""The link to an offer: whoever holds it sees the offer and answers it, without a login."""

from django.urls import reverse

from scheduling.link_codes import code_for, is_same, reference_of

SALT = "scheduling.offer_links"


def link_to_offer(offer) -> str:
    """The address of the offer's page on this site."""
    return reverse("scheduling:answer-offer", args=[code_of(offer.reference)])


def code_of(reference: str) -> str:
    return code_for(reference, reference, salt=SALT)


def reference_in(code: str) -> str | None:
    """The reference of the offer that the link is for; None if the hospital has given out no such link."""
    reference = reference_of(code)
    return reference if is_same(code_of(reference), code) else None
