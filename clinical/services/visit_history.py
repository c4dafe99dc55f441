"""Visits of the past with what their doctors wrote, many at once: what an import writes, and the demo.

Rows, refusals and findings of the check come from the same functions as those of one visit. The record is
opened when the consultation began, and written and signed when it ended, by the doctor or, for a doctor
without a login, by the software. Allergies and current medicines count as they are now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils import timezone

from clinical.exceptions import VisitNotBegun
from clinical.models import Diagnosis, DocumentCode, Encounter, Prescription, PrescriptionItem
from clinical.prescribing.line import PrescriptionLine
from clinical.services.document_codes import code_of
from clinical.services.encounters import (
    DiagnosisLine,
    columns_of_signature,
    refuse_nothing_to_sign,
    refuse_past_follow_up,
    signing_doctor,
)
from clinical.services.lab_orders import check_columns
from clinical.services.prescription_facts import Records
from clinical.services.prescription_lines import item_of
from clinical.services.signing import columns_of_signature as columns_of_signed_prescription
from clinical.services.signing import findings_of, refuse_incomplete, refuse_unanswered
from clinical.services.telemedicine import refuse_by_video
from clinical.statuses import DocumentKind, PrescriptionStatus
from clinical.statuses.encounters import EncounterStatus
from hms.core.references import new_reference
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, acting, person
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

ROWS_PER_INSERT = 500


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A completed visit and what its doctor wrote; `reason` answers each finding that needs one."""

    appointment: Appointment
    complaint: str = ""
    history: str = ""
    examination: str = ""
    assessment: str = ""
    plan: str = ""
    advice: str = ""
    follow_up_on: date | None = None
    diagnoses: tuple[DiagnosisLine, ...] = ()
    items: tuple[PrescriptionLine, ...] = ()
    weight_kg: Decimal | None = None
    reason: str = ""
    reference: str = ""
    prescription_reference: str = ""

    @property
    def by(self):
        return self.appointment.doctor.user or SYSTEM


@retried_atomic
def record_past_visits(*, visits: Iterable[PastVisit], by) -> list[Encounter]:
    """Write the signed records and prescriptions of the visits, all or none; one that has a record fails.

    Refuses like the services of one visit, a visit that is not completed, and everybody but the software.
    """
    if acting(by) is not SYSTEM:
        raise NotAllowed
    visits = list(visits)
    if any(visit.appointment.status != AppointmentStatus.COMPLETED for visit in visits):
        raise VisitNotBegun
    visits.sort(key=lambda visit: (visit.appointment.ended_at, visit.appointment.pk))
    encounters = _sign_records(visits)
    medicines = [line.medicine for visit in visits for line in visit.items if line.medicine]
    prefetch_related_objects(medicines, "contents__ingredient")
    for some in _one_of_each_patient([visit for visit in visits if visit.items]):
        _sign_prescriptions(some)
    return encounters


def _sign_records(visits: list[PastVisit]) -> list[Encounter]:
    encounters, diagnoses, codes = [], [], []
    for visit in visits:
        encounter = _encounter(visit)
        doctor = signing_doctor(encounter, visit.by)
        at = visit.appointment.ended_at
        for name, value in columns_of_signature(encounter, doctor, at=at, by=visit.by).items():
            setattr(encounter, name, value)
        encounter.status = EncounterStatus.SIGNED
        encounter.document = _code(visit, DocumentKind.VISIT_SUMMARY, doctor.full_name)
        encounters.append(encounter)
        codes.append(encounter.document)
        diagnoses += _diagnoses(visit, encounter)
    _insert_codes(codes)
    Encounter.objects.bulk_create_with_parts(encounters, diagnoses, batch_size=ROWS_PER_INSERT)
    return encounters


def _encounter(visit: PastVisit) -> Encounter:
    appointment = visit.appointment
    refuse_past_follow_up(visit.follow_up_on, timezone.localdate(appointment.ended_at))
    encounter = Encounter(
        reference=visit.reference or new_reference(),
        appointment=appointment,
        patient=appointment.patient,
        recorded_at=appointment.started_at,
        recorded_by=person(visit.by),
        complaint=visit.complaint.strip(),
        history=visit.history.strip(),
        examination=visit.examination.strip(),
        assessment=visit.assessment.strip(),
        plan=visit.plan.strip(),
        advice=visit.advice.strip(),
        follow_up_on=visit.follow_up_on,
        revision=bool(visit.diagnoses),
    )
    refuse_nothing_to_sign(encounter, bool(visit.diagnoses))
    check_columns(encounter)
    return encounter


def _diagnoses(visit: PastVisit, encounter: Encounter) -> Iterator[Diagnosis]:
    for position, line in enumerate(visit.diagnoses):
        row = Diagnosis(
            encounter=encounter,
            patient=encounter.patient,
            position=position,
            recorded_at=visit.appointment.ended_at,
            recorded_by=encounter.recorded_by,
            **asdict(line),
        )
        check_columns(row)
        yield row


def _one_of_each_patient(visits: list[PastVisit]) -> Iterable[list[PastVisit]]:
    """The visits in groups: a prescription is checked against those that the patient had before."""
    seen, groups = Counter(), defaultdict(list)
    for visit in visits:
        groups[seen[visit.appointment.patient_id]].append(visit)
        seen[visit.appointment.patient_id] += 1
    return groups.values()


def _sign_prescriptions(visits: list[PastVisit]) -> None:
    prescriptions, items = [], []
    first = min(timezone.localdate(visit.appointment.ended_at) for visit in visits)
    records = Records({visit.appointment.patient_id for visit in visits}, first)
    for visit in visits:
        prescription, rows = _prescription(visit, records)
        prescriptions.append(prescription)
        items += rows
    _insert_codes([prescription.document for prescription in prescriptions])
    Prescription.objects.bulk_create_with_parts(prescriptions, items, batch_size=ROWS_PER_INSERT)


def _prescription(visit: PastVisit, records: Records) -> tuple[Prescription, list[PrescriptionItem]]:
    """The signed prescription of the visit with its items, not yet saved."""
    appointment, at = visit.appointment, visit.appointment.ended_at
    prescription = Prescription(
        reference=visit.prescription_reference or new_reference(),
        patient=appointment.patient,
        appointment=appointment,
        doctor=appointment.doctor,
        recorded_at=at,
        recorded_by=person(visit.by),
        weight_kg=visit.weight_kg,
    )
    items = [item_of(line, position) for position, line in enumerate(visit.items, 1)]
    for item in items:
        item.prescription, item.patient = prescription, appointment.patient
        item.recorded_at, item.recorded_by = at, prescription.recorded_by
    day = timezone.localdate(at)
    refuse_incomplete(prescription, items, day)
    refuse_by_video(appointment, items)
    findings = findings_of(prescription, items, day, records)
    reasons = {each.key: visit.reason for each in findings if each.needs_reason}
    refuse_unanswered(findings, reasons)
    columns = columns_of_signed_prescription(prescription, items, findings, reasons, at=at)
    for name, value in columns.items():
        setattr(prescription, name, value)
    prescription.status = PrescriptionStatus.SIGNED
    prescription.document = _code(visit, DocumentKind.PRESCRIPTION, prescription.doctor.full_name)
    check_columns(prescription)
    return prescription, items


def _code(visit: PastVisit, kind: DocumentKind, issuer: str) -> DocumentCode:
    appointment = visit.appointment
    return code_of(
        patient=appointment.patient, kind=kind, issuer=issuer, at=appointment.ended_at, by=visit.by
    )


def _insert_codes(codes: list[DocumentCode]) -> None:
    for code in codes:
        check_columns(code)
    DocumentCode.objects.bulk_create(codes, batch_size=ROWS_PER_INSERT)
