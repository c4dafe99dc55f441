"""Messages that did not arrive, for the pages of lower apps, which have checked who sees the patient."""

from collections.abc import Iterable

from django import template

from accounts.models import Patient
from hms.notifications.models import Notification
from hms.notifications.statuses import Channel

register = template.Library()


@register.inclusion_tag("notifications/_undelivered.html")
def undelivered_to(patient: Patient) -> dict:
    """What was given up of late about one patient, once for each address."""
    return {"failures": failures_of([patient])}


@register.inclusion_tag("notifications/_undelivered.html")
def undelivered_of(rows: Iterable[tuple]) -> dict:
    """The same about the patients of appointments in a table of the desk."""
    patients = {appointment.patient_id: appointment.patient for appointment, _steps in rows}
    return {"failures": failures_of(patients.values()), "names_them": True}


def failures_of(patients: Iterable[Patient]) -> list[dict]:
    by_key = {patient.pk: patient for patient in patients}
    if not by_key:
        return []
    found = {}
    for row in Notification.objects.undelivered().filter(patient__in=by_key):
        patient = by_key[row.patient_id]
        own = patient.email if row.channel == Channel.EMAIL else patient.phone and patient.phone.as_e164
        failure = {"row": row, "patient": patient, "address": row.recipient if row.recipient == own else ""}
        found.setdefault((row.patient_id, row.recipient), failure)
    return list(found.values())
