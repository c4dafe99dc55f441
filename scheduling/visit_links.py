"""Links of messages that need no login: for one visit at one time, so that moving it ends them.

The code is the reference and a part of a keyed hash over it and the time: 96 bits that nobody can guess, and
short enough for an SMS.
"""

from base64 import urlsafe_b64encode

from django.utils.crypto import constant_time_compare, salted_hmac

from hms.core.references import REFERENCE_LENGTH
from scheduling.models import Appointment
from scheduling.moments import compact

HASH_BYTES = 12


def code_of(appointment: Appointment) -> str:
    said = f"{appointment.reference} {compact(appointment.starts_at)}"
    digest = salted_hmac("scheduling.visit_links", said, algorithm="sha256").digest()
    return appointment.reference + urlsafe_b64encode(digest[:HASH_BYTES]).decode()


def visit_of(code: str) -> Appointment | None:
    """The visit that a code is about, as long as it is at the time for which the code was written."""
    found = Appointment.objects.filter(reference=code[:REFERENCE_LENGTH]).for_list().first()
    return found if found and constant_time_compare(code_of(found), code) else None
