"""One search box for everything typed or scanned at the desk; each kind of input uses its own index."""

import re

from hms.core.references import ALPHABET, REFERENCE_LENGTH
from scheduling.querysets import AppointmentQuerySet

REFERENCE = re.compile(rf"(?<![A-Z0-9])[{ALPHABET}]{{{REFERENCE_LENGTH}}}(?![A-Z0-9])")


def references_in(text: str) -> list[str]:
    """References in the typed text, or in the address that a QR code contains."""
    return REFERENCE.findall(text.upper())


def appointments_matching(found: AppointmentQuerySet, text: str) -> AppointmentQuerySet:
    """Appointments in `found` with the reference, or of patients who match the text."""
    text = text.strip()
    if not text:
        return found
    references = references_in(text)
    by_reference = found.filter(reference__in=references)
    if references and by_reference.exists():
        return by_reference
    return found.matching(text)
