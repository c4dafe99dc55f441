"""The record of a visit: begun, saved as a draft, signed, and from then on only added to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils import timezone

from clinical.exceptions import FollowUpInThePast, NothingToSign, NotYourEncounter, TextMissing, VisitNotBegun
from clinical.letterhead import block_of, letterhead_of
from clinical.models import Addendum, Diagnosis, Encounter
from clinical.services.document_codes import issue_code
from clinical.services.rights import lock_to_record
from clinical.services.visit_documents import renew_summary
from clinical.statuses import DocumentKind
from clinical.statuses.confidentiality import Confidentiality
from clinical.statuses.encounters import EncounterStatus
from hms.core.locks import lock_row
from hms.core.rights import SYSTEM, person
from hms.core.states import move, require_step
from hms.core.transactions import retried_atomic
from scheduling.access import may_run
from scheduling.models import Appointment, Doctor
from scheduling.services import start_consultation
from scheduling.services.steps import lock
from scheduling.statuses import AppointmentStatus

BEGUN = (AppointmentStatus.IN_CONSULTATION, AppointmentStatus.COMPLETED)
MATTERS = ("complaint", "history", "examination", "assessment", "plan", "advice")
TEXTS = (*MATTERS, "private_note", "medicine_lines", "test_lines")
CHANGE = "clinical.change_encounter"


@dataclass(frozen=True)
class DiagnosisLine:
    """One line of the diagnoses: a term of the list with its code, or free text."""

    title: str
    code: str = ""
    is_provisional: bool = False


@retried_atomic
def open_encounter(*, appointment: Appointment, by) -> Encounter:
    """Begin the record of a visit, and the visit itself if the patient waits; returns a begun one.

    The complaint begins with the symptoms that were given at booking. Refuses anybody but the doctor and a
    covering doctor, and an appointment whose patient has not arrived.
    """
    lock_to_record(appointment.patient, by=by, permission="clinical.add_encounter")
    appointment = lock(appointment)
    found = Encounter.objects.filter(appointment=appointment).first()
    refuse_to_begin(appointment, by, is_begun=found is not None)
    if found is not None:
        return found
    if appointment.status == AppointmentStatus.ARRIVED:
        appointment = start_consultation(appointment=appointment, by=by)
    return Encounter.objects.create(
        appointment=appointment,
        patient_id=appointment.patient_id,
        complaint=appointment.symptoms,
        recorded_by=person(by),
    )


@retried_atomic
def save_draft(
    *,
    encounter: Encounter,
    complaint: str,
    history: str,
    examination: str,
    assessment: str,
    plan: str,
    advice: str,
    private_note: str,
    follow_up_on: date | None,
    diagnoses: Sequence[DiagnosisLine],
    medicine_lines: str = "",
    test_lines: str = "",
    confidentiality: str = Confidentiality.NORMAL,
    by,
) -> Encounter:
    """Save the whole draft; refuses a signed one, another author's, and a follow-up in the past."""
    texts = (complaint, history, examination, assessment, plan, advice, private_note)
    texts += (medicine_lines, test_lines)
    encounter = lock_own_draft(encounter, by)
    refuse_past_follow_up(follow_up_on, timezone.localdate())
    for name, text in zip(TEXTS, texts, strict=True):
        setattr(encounter, name, text.strip())
    encounter.follow_up_on, encounter.confidentiality = follow_up_on, confidentiality
    encounter.revision += _write_diagnoses(encounter, diagnoses, by)
    encounter.full_clean(validate_unique=False)
    encounter.save()
    return encounter


@retried_atomic
def sign_encounter(*, encounter: Encounter, by) -> Encounter:
    """Sign the record, which never changes again, and give its summary a code.

    Refuses an empty one and another author's.
    """
    encounter = _lock_own(encounter, by)
    if encounter.status == EncounterStatus.SIGNED:
        return encounter
    refuse_nothing_to_sign(encounter, encounter.diagnoses.exists())
    doctor = signing_doctor(encounter, by)
    code = issue_code(
        patient=encounter.patient, kind=DocumentKind.VISIT_SUMMARY, issuer=doctor.full_name, by=by
    )
    columns = columns_of_signature(encounter, doctor, at=timezone.now(), by=by)
    move(encounter, EncounterStatus.SIGNED, **columns, document=code)
    return encounter


@retried_atomic
def add_addendum(*, encounter: Encounter, text: str, by) -> Addendum:
    """Add to a signed record, for its readers and the patient; earlier printed summaries are replaced.

    The same text of the same person is added once. Refuses a draft, which is still changed itself, and people
    who do not treat.
    """
    lock_to_record(encounter.patient, by=by, permission="clinical.add_addendum")
    encounter = lock_row(Encounter.objects.all(), pk=encounter.pk)
    if encounter.status != EncounterStatus.SIGNED:
        raise NotYourEncounter
    if not text.strip():
        raise TextMissing
    said = encounter.addenda.filter(text=text.strip(), recorded_by=person(by)).first()
    if said is not None:
        return said
    addendum = Addendum(
        encounter=encounter,
        patient_id=encounter.patient_id,
        text=text.strip(),
        confidentiality=encounter.confidentiality,
        recorded_by=person(by),
    )
    addendum.full_clean()
    addendum.save()
    renew_summary(encounter.appointment, by=by)
    return addendum


def refuse_to_begin(appointment: Appointment, by, *, is_begun: bool) -> None:
    """Refuse who does not run the visit, and a record that is new before the patient has arrived."""
    if by is not SYSTEM and not may_run(by, appointment):
        raise NotYourEncounter
    if not is_begun and appointment.status not in (AppointmentStatus.ARRIVED, *BEGUN):
        raise VisitNotBegun


def lock_own_draft(encounter: Encounter, by) -> Encounter:
    """The draft as it is now, locked; refuses a signed record and another author's."""
    encounter = _lock_own(encounter, by)
    require_step(encounter.status, EncounterStatus.SIGNED)
    return encounter


def _lock_own(encounter: Encounter, by) -> Encounter:
    lock_to_record(encounter.patient, by=by, permission=CHANGE)
    encounter = lock_row(Encounter.objects.all(), pk=encounter.pk)
    if by is not SYSTEM and encounter.recorded_by_id != by.pk:
        raise NotYourEncounter
    return encounter


def refuse_past_follow_up(follow_up_on: date | None, today: date) -> None:
    if follow_up_on is not None and follow_up_on < today:
        raise FollowUpInThePast


def refuse_nothing_to_sign(encounter: Encounter, has_diagnoses: bool) -> None:
    if not has_diagnoses and not any(getattr(encounter, name) for name in MATTERS):
        raise NothingToSign


def columns_of_signature(encounter: Encounter, doctor: Doctor, *, at: datetime, by) -> dict:
    """What signing at this moment writes, except the status and the code."""
    patient = block_of(encounter.patient, timezone.localdate(at))
    return {
        "signed_at": at,
        "signed_by": person(by),
        "frozen": {"letterhead": letterhead_of(doctor), "patient": patient},
    }


def signing_doctor(encounter: Encounter, by) -> Doctor:
    """The author, who may be a covering doctor."""
    author = Doctor.objects.filter(user=by).first() if person(by) else None
    return author or encounter.appointment.doctor


def _write_diagnoses(encounter: Encounter, lines: Sequence[DiagnosisLine], by) -> bool:
    """Make the rows equal to the lines, in their order; whether anything changed."""
    rows = list(encounter.diagnoses.order_by("position"))
    is_changed = len(rows) != len(lines)
    for position, line in enumerate(lines):
        if position >= len(rows):
            row = Diagnosis(encounter=encounter, patient_id=encounter.patient_id, position=position)
            row.recorded_by = person(by)
        else:
            row = rows[position]
            if all(getattr(row, name) == value for name, value in asdict(line).items()):
                continue
        is_changed = True
        for name, value in asdict(line).items():
            setattr(row, name, value)
        row.full_clean(validate_unique=False)
        row.save()
    for row in rows[len(lines) :]:
        row.delete()
    return is_changed
