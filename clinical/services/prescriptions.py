from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format

from accounts.names import tidy
from clinical.exceptions import (
    DraftChanged,
    DraftNotEmpty,
    NothingToRepeat,
    NotYourVisit,
    PrescriptionNotValid,
    ReasonMissing,
)
from clinical.models import Prescription, PrescriptionItem
from clinical.prescribing.line import PrescriptionLine
from clinical.services.document_codes import mark_withdrawn
from clinical.services.lab_orders import refuse_not_held
from clinical.services.prescription_lines import item_of, line_of
from clinical.services.rights import lock_to_record
from clinical.services.telemedicine import refuse_by_video
from clinical.services.visit_documents import renew_summary
from clinical.signals import document_withdrawn
from clinical.statuses import PrescriptionStatus
from hms.core.fingerprints import digest
from hms.core.locks import lock_row
from hms.core.rights import SYSTEM, person
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment, Doctor

COLUMNS = ("medicine_id", "name", "brand", "form", "strength", "drug_schedule", "route", "dose", "dose_unit")
COLUMNS += ("schedule", "duration_days", "quantity", "instructions")


@retried_atomic
def write_prescription(
    *,
    appointment: Appointment,
    items: Sequence[PrescriptionLine],
    weight_kg: Decimal | None = None,
    seen: str | None = None,
    by,
) -> Prescription:
    """Write the items of the visit's draft, which is created if there is none.

    `seen` is the fingerprint of the draft that the writer had before them (`fingerprint_of`); refuses if it
    has changed since. Refuses everybody but the visit's doctor (`prescriber`), unclear schedules, and what
    the telemedicine guidelines do not allow.
    """
    lock_to_record(appointment.patient, by=by, permission="clinical.add_prescription")
    doctor = prescriber(appointment, by)
    draft = draft_of(appointment)
    if seen is not None and seen != fingerprint_of(draft):
        raise DraftChanged
    rows = [item_of(line, position) for position, line in enumerate(items, 1)]
    refuse_by_video(appointment, rows)
    draft = draft or _new_draft(appointment, doctor, by)
    if draft.doctor_id != doctor.pk:
        raise NotYourVisit
    draft.weight_kg = weight_kg
    draft.full_clean(exclude=["draft_key"], validate_unique=False)
    draft.save()
    _replace_items(draft, rows)
    return draft


@retried_atomic
def repeat_prescription(*, appointment: Appointment, earlier: Prescription | None = None, by) -> Prescription:
    """Start the visit's draft from an earlier prescription, by default the doctor's last for the patient.

    Medicines that can no longer be prescribed are left out; `changes_of` tells what differs. Refuses if the
    draft has items, and if there is nothing to repeat.
    """
    lock_to_record(appointment.patient, by=by, permission="clinical.add_prescription")
    doctor = prescriber(appointment, by)
    draft = draft_of(appointment)
    if draft is not None and draft.items.exists():
        raise DraftNotEmpty
    own = Prescription.objects.filter(patient=appointment.patient, doctor=doctor)
    earlier = earlier or own.in_force().order_by("-signed_at", "-pk").first()
    if earlier is None or earlier.is_draft or earlier.patient_id != appointment.patient_id:
        raise NothingToRepeat
    rows = earlier.items.select_related("medicine")
    lines = [line_of(item) for item in rows if item.medicine is None or item.medicine.is_active]
    weight = draft.weight_kg if draft else None
    draft = write_prescription(appointment=appointment, items=lines, weight_kg=weight, by=by)
    draft.repeats = earlier
    draft.save(update_fields=["repeats"])
    return draft


@retried_atomic
def withdraw_prescription(*, prescription: Prescription, reason: str, by) -> Prescription:
    """Withdraw a signed prescription, which its public page says at once.

    Refuses without a reason, and everybody but its doctor.
    """
    prescription = lock_prescription(prescription, by=by, permission="clinical.sign_prescription")
    refuse_other_doctors(prescription, by)
    if not tidy(reason):
        raise ReasonMissing
    now = timezone.now()
    move(prescription, PrescriptionStatus.WITHDRAWN, withdrawn_at=now, withdrawal_reason=tidy(reason)[:200])
    if prescription.document_id:
        mark_withdrawn(code=prescription.document, by=by)
    renew_summary(prescription.appointment, by=by)
    document_withdrawn.send(Prescription, record=prescription)
    return prescription


@retried_atomic
def dispense_prescription(*, prescription: Prescription, by) -> Prescription:
    """Record that the medicines were handed out; refuses a prescription that is no longer valid."""
    prescription = lock_prescription(prescription, by=by, permission="clinical.dispense_prescription")
    if prescription.valid_until and prescription.valid_until < timezone.localdate():
        raise PrescriptionNotValid(day=date_format(prescription.valid_until, "j M Y"))
    move(
        prescription,
        PrescriptionStatus.DISPENSED,
        dispensed_at=timezone.now(),
        dispensed_by=person(by),
    )
    return prescription


def draft_of(appointment: Appointment) -> Prescription | None:
    """The draft of the visit; lock the patient before changing it."""
    return Prescription.objects.filter(draft_key=appointment.pk).first()


def fingerprint_of(draft: Prescription | None) -> str:
    """A keyed digest of what a page shows of the draft; empty if there is none."""
    if draft is None:
        return ""
    rows = draft.items.order_by("position").values_list(*COLUMNS)
    return digest(draft, "items", repr([draft.weight_kg, *rows]))


def lock_prescription(prescription: Prescription, *, by, permission: str) -> Prescription:
    lock_to_record(prescription.patient, by=by, permission=permission)
    return lock_row(Prescription.objects.all(), pk=prescription.pk)


def prescriber(appointment: Appointment, by) -> Doctor:
    """The doctor who prescribes at the visit: its own, or one who covers for them now.

    Refuses all others, and a visit that was never booked or is cancelled.
    """
    refuse_not_held(appointment)
    if by is SYSTEM or appointment.doctor.user_id == by.pk:
        return appointment.doctor
    covering = Doctor.objects.filter(user=by).first()
    if covering is None or not Doctor.objects.filter(pk=appointment.doctor_id).covered_by(by).exists():
        raise NotYourVisit
    return covering


def refuse_other_doctors(prescription: Prescription, by) -> None:
    if by is not SYSTEM and prescription.doctor.user_id != by.pk:
        raise NotYourVisit


def _new_draft(appointment: Appointment, doctor: Doctor, by) -> Prescription:
    return Prescription(
        patient=appointment.patient,
        appointment=appointment,
        doctor=doctor,
        draft_key=appointment.pk,
        recorded_by=person(by),
    )


def _replace_items(draft: Prescription, rows: list[PrescriptionItem]) -> None:
    """Change only the items that differ: drafts are saved every few seconds."""
    kept = {item.position: item for item in draft.items.all()}
    for row in rows:
        item = kept.pop(row.position, None)
        if item is None:
            row.prescription, row.patient_id, row.recorded_by = draft, draft.patient_id, draft.recorded_by
            row.save()
        elif changed := [name for name in COLUMNS if getattr(item, name) != getattr(row, name)]:
            for name in changed:
                setattr(item, name, getattr(row, name))
            item.save(update_fields=[name.removesuffix("_id") for name in changed])
    for item in kept.values():
        item.delete()
