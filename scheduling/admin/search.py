"""One box for everything that is typed or scanned at the desk; each kind is found by its own index."""

import re

from accounts.models import Patient
from hms.core.references import ALPHABET, REFERENCE_LENGTH
from scheduling.querysets import AppointmentQuerySet

REFERENCE = re.compile(rf"(?<![A-Z0-9])[{ALPHABET}]{{{REFERENCE_LENGTH}}}(?![A-Z0-9])")


def references_in(text: str) -> list[str]:
    """References in what was typed, or in the address that a QR code holds."""
    return REFERENCE.findall(text.upper())


def appointments_matching(found: AppointmentQuerySet, text: str) -> AppointmentQuerySet:
    """Those with the reference, or of the patients whom the text names, within `found`."""
    text = text.strip()
    if not text:
        return found
    references = references_in(text)
    by_reference = found.filter(reference__in=references)
    if references and by_reference.exists():
        return by_reference
    patients = Patient.objects.matching(text)
    return found.filter(patient__in=patients.order_by().values("pk"))
