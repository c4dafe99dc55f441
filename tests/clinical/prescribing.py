"""Rows for the tests of prescribing."""

from accounts.models import Patient
from clinical.models import Medicine, Prescription
from clinical.services import sign_prescription, write_prescription
from clinical.services.prescription_lines import line_from
from clinical.services.signing import check_draft
from scheduling.models import Appointment


def medicine(name: str, form: str = "tablet", strength: str = "") -> Medicine:
    """A medicine of the formulary that comes with the software."""
    rows = Medicine.objects.filter(name=name, form=form)
    return rows.get(strength=strength) if strength else rows.order_by("pk").first()


def visit_of(patient: Patient) -> Appointment:
    return patient.appointments.order_by("pk").last()


def write(patient: Patient, *lines: str, weight_kg=None) -> Prescription:
    """A draft of the visit's doctor with these lines."""
    visit = visit_of(patient)
    items = [line_from(line) for line in lines]
    return write_prescription(appointment=visit, items=items, weight_kg=weight_kg, by=visit.doctor.user)


def sign(draft: Prescription) -> Prescription:
    """The draft, signed by its doctor with a reason for every finding that needs one."""
    reasons = {each.key: "Considered" for each in check_draft(draft) if each.needs_reason}
    return sign_prescription(prescription=draft, overrides=reasons, by=draft.appointment.doctor.user)
