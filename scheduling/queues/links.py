"""The address at which somebody sees their place in the queue without a login.

It is the visit's reference with a signature, so it cannot be guessed, and no table keeps it.
"""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from scheduling.models import Appointment


def _signer() -> Signer:
    return Signer(salt="scheduling.queue", sep=".")


def token_of(appointment: Appointment) -> str:
    return _signer().sign(appointment.reference)


def reference_in(token: str) -> str | None:
    """The reference of a token that the hospital has given out."""
    try:
        return _signer().unsign(token)
    except BadSignature:
        return None


def page_of(appointment: Appointment) -> str:
    return reverse("scheduling:show-place", args=[token_of(appointment)])
