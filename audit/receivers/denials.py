"""A look at what is not one's own is in the log, whichever page it was tried on."""

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS

from audit.capture.recorder import record_denied
from audit.capture.registry import registration_of
from audit.capture.rows import plain_rows
from hms.core.signals import access_denied


def listen() -> None:
    access_denied.connect(log_denied, dispatch_uid="audit.denials")


def log_denied(sender, request, key, field="pk", **_kwargs) -> None:
    """Log the look at something that exists; a mistyped key is nobody's business."""
    registration = registration_of(sender)
    if registration is None or not registration.patient:
        return
    try:
        found = plain_rows(sender, DEFAULT_DB_ALIAS).filter(**{field: key})
        patients = list(found.values_list(registration.patient, flat=True))
    except (ValueError, ValidationError):
        return
    for patient_id in patients:
        record_denied(request, sender, key, patient_id=patient_id)
