"""Addresses in messages; empty where the site's own address is not set."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Patient
from hms.notifications.models import Notification
from hms.notifications.statuses import OPTIONAL, Channel

SALT = "hms.notifications.unsubscribe"


def address_of(view: str, *args: str) -> str:
    return settings.SITE_ADDRESS and settings.SITE_ADDRESS.rstrip("/") + reverse(view, args=args)


def unsubscribe_address(row: Notification) -> str:
    """Where one declines further messages like this one, without a login; empty for necessary ones."""
    if row.kind not in OPTIONAL or row.patient is None:
        return ""
    return address_of("notifications:unsubscribe", unsubscribe_token(row.patient, row.kind, row.channel))


def unsubscribe_token(patient: Patient, kind: str, channel: str) -> str:
    return signing.dumps([patient.reference, kind, channel], salt=SALT)


def declined_by(token: str) -> tuple[Patient, str, str] | None:
    """The patient, kind and channel of a token, which does not run out; None for a wrong one."""
    try:
        reference, kind, channel = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    patient = Patient.objects.filter(reference=reference).first()
    is_known = patient is not None and kind in OPTIONAL and channel in Channel.values
    return (patient, kind, channel) if is_known else None
