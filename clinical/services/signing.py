"""Signing a prescription: what the law wants is there, the check is answered, and the paper is frozen.

Required by the Indian Medical Council Regulations 2002 (1.4.2, 1.5) and the telemedicine guidelines: the
doctor's name, qualification and registration number, the patient's name, age and sex, the weight of a child
where a dose depends on it, and the date. The Drugs Rules 1945 (rule 65) ask for the total amount, which we
insist on where it goes into a register.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import FindingsUnresolved, PrescriptionIncomplete
from clinical.letterhead import block_of, letterhead_of
from clinical.models import Prescription, PrescriptionItem
from clinical.prescribing.check import check_prescription
from clinical.prescribing.facts import Finding
from clinical.prescribing.schedule import plain
from clinical.services.document_codes import issue_code
from clinical.services.interactions import data_about
from clinical.services.prescription_facts import Records, facts_about, prescribed
from clinical.services.prescriptions import lock_prescription, refuse_other_doctors
from clinical.services.rights import confidentiality_at
from clinical.services.telemedicine import refuse_by_video
from clinical.services.visit_documents import renew_summary
from clinical.signals import released_to_patient
from clinical.statuses import DocumentKind, DrugSchedule, PrescriptionStatus
from clinical.statuses.confidentiality import narrower
from hms.core.states import move, require_step
from hms.core.transactions import retried_atomic
from scheduling.models import Doctor

VALID_DAYS = 30
WITH_REGISTER = {DrugSchedule.H1, DrugSchedule.X}


@retried_atomic
def sign_prescription(
    *, prescription: Prescription, overrides: Mapping[str, str] | None = None, by
) -> Prescription:
    """Sign the draft; afterwards it can be dispensed or withdrawn, but not changed.

    `overrides` gives a reason for each finding that needs one, by its key. Refuses while something that
    the law wants is missing or a finding is unanswered, and everybody but its doctor.
    """
    prescription = lock_to_sign(prescription, by=by)
    items = items_to_check(prescription)
    findings = findings_of(prescription, items)
    return sign_checked(prescription, items, findings, overrides, by=by)


def lock_to_sign(prescription: Prescription, *, by) -> Prescription:
    prescription = lock_prescription(prescription, by=by, permission="clinical.sign_prescription")
    refuse_other_doctors(prescription, by)
    require_step(prescription.status, PrescriptionStatus.SIGNED)
    return prescription


def sign_checked(
    prescription: Prescription,
    items: list[PrescriptionItem],
    findings: list[Finding],
    overrides: Mapping[str, str] | None = None,
    *,
    by,
) -> Prescription:
    """Sign a locked draft with its items and what the check has found in them since the lock."""
    refuse_incomplete(prescription, items)
    refuse_by_video(prescription.appointment, items)
    reasons = {key: tidy(reason) for key, reason in (overrides or {}).items()}
    refuse_unanswered(findings, reasons)
    code = issue_code(
        patient=prescription.patient,
        kind=DocumentKind.PRESCRIPTION,
        issuer=prescription.doctor.full_name,
        by=by,
    )
    open_to = narrower(prescription.confidentiality, confidentiality_at(prescription.appointment))
    _freeze(items, open_to)
    columns = columns_of_signature(prescription, items, findings, reasons, at=timezone.now())
    move(prescription, PrescriptionStatus.SIGNED, **columns, confidentiality=open_to, document=code)
    renew_summary(prescription.appointment, by=by)
    released_to_patient.send(Prescription, record=prescription)
    return prescription


def check_draft(prescription: Prescription) -> list[Finding]:
    """The findings of the check as they are now."""
    return findings_of(prescription, items_to_check(prescription))


def items_to_check(prescription: Prescription) -> list[PrescriptionItem]:
    rows = prescription.items.select_related("medicine").prefetch_related("medicine__contents__ingredient")
    return list(rows.order_by("position"))


def findings_of(
    prescription: Prescription,
    items: list[PrescriptionItem],
    on: date | None = None,
    records: Records | None = None,
) -> list[Finding]:
    """The findings of the check as on that day; today by default."""
    facts = facts_about(prescription, items, prescription.patient, on or timezone.localdate(), records)
    checked = [prescribed(item) for item in items]
    drugs = [each.drug for each in (*checked, *facts.taken) if each.drug]
    return check_prescription(checked, patient=facts, interactions=data_about(drugs))


def refuse_unanswered(findings: list[Finding], reasons: Mapping[str, str]) -> None:
    if unanswered := [each for each in findings if each.needs_reason and not reasons.get(each.key)]:
        raise FindingsUnresolved(unanswered)


def refuse_incomplete(
    prescription: Prescription, items: list[PrescriptionItem], on: date | None = None
) -> None:
    missing = [
        *([] if items else [_("an item")]),
        *_missing_of_doctor(prescription.doctor, on or timezone.localdate()),
        *_missing_of_patient(prescription, items),
        *_missing_of_items(items),
    ]
    if missing:
        raise PrescriptionIncomplete(missing=", ".join(missing))


def _missing_of_doctor(doctor: Doctor, today: date) -> Iterator[str]:
    if not doctor.full_name.strip():
        yield _("the doctor's name")
    if not doctor.degree.strip():
        yield _("the doctor's qualification")
    if not doctor.registration_number.strip():
        yield _("the doctor's registration number")
    elif doctor.registration_expires_on < today:
        yield _("a valid registration of the doctor")


def _missing_of_patient(prescription: Prescription, items: list[PrescriptionItem]) -> Iterator[str]:
    patient = prescription.patient
    if not patient.full_name.strip():
        yield _("the patient's name")
    if patient.date_of_birth is None:
        yield _("the patient's age")
    if not patient.gender:
        yield _("the patient's sex")
    if patient.is_minor and prescription.weight_kg is None and any(map(_depends_on_weight, items)):
        yield _("the patient's weight")


def _missing_of_items(items: list[PrescriptionItem]) -> Iterator[str]:
    """The registers of these schedules name the quantity."""
    for item in items:
        schedule = item.medicine.schedule if item.medicine else item.drug_schedule
        if schedule in WITH_REGISTER and item.quantity is None:
            values = {"name": item.name, "schedule": DrugSchedule(schedule).label}
            yield _("the quantity of %(name)s (%(schedule)s)") % values


def _depends_on_weight(item: PrescriptionItem) -> bool:
    contents = item.medicine.contents.all() if item.medicine else ()
    return any(each.max_daily_mg_per_kg_child is not None for each in contents)


def columns_of_signature(
    prescription: Prescription, items: list, findings: list[Finding], reasons: Mapping, *, at: datetime
) -> dict:
    """What signing at this moment writes, except the status and the code."""
    today = timezone.localdate(at)
    longest = max((item.duration_days or 0 for item in items), default=0)
    kept = [
        {"key": each.key, "severity": each.severity, "text": each.text, "reason": reasons.get(each.key, "")}
        for each in findings
    ]
    return {
        "draft_key": None,
        "signed_at": at,
        "valid_until": today + timedelta(days=max(VALID_DAYS, longest)),
        "frozen": _as_printed(prescription, prescription.patient, today),
        "findings": kept,
        "is_overridden": any(each.needs_reason for each in findings),
    }


def _freeze(items: list[PrescriptionItem], open_to: str) -> None:
    """Take name, form, strength and schedule as the formulary has them now; as open as the prescription."""
    for item in items:
        now = {"confidentiality": open_to}
        if medicine := item.medicine:
            now |= {"name": medicine.name, "form": medicine.form, "strength": medicine.strength}
            now["drug_schedule"] = medicine.schedule
        changed = [name for name, value in now.items() if getattr(item, name) != value]
        for name in changed:
            setattr(item, name, now[name])
        if changed:
            item.save(update_fields=changed)


def _as_printed(prescription: Prescription, patient: Patient, today: date) -> dict:
    visit, doctor, weight = prescription.appointment, prescription.doctor, prescription.weight_kg
    return {
        "number": prescription.reference,
        "issued_on": today.isoformat(),
        "letterhead": letterhead_of(doctor),
        "patient": block_of(patient, today)
        | {"phone": str(patient.phone), "weight_kg": None if weight is None else plain(weight)},
        "visit": {"reference": visit.reference, "mode": visit.mode},
    }
