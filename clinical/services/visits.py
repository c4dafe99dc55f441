"""The end of a visit: what was typed is prescribed and ordered, and the record is signed."""

from accounts.models.owned import patient_owned_models
from clinical.exceptions import FindingsUnresolved, ReadingsDoubtful, typed_at
from clinical.models import ClinicalRecord, Encounter, LabPanel, LabTest, Prescription, VitalSigns
from clinical.prescribing.facts import Finding
from clinical.prescribing.line import PrescriptionLine
from clinical.services.encounters import sign_encounter
from clinical.services.lab_orders import order_tests
from clinical.services.prescription_lines import doubts_of, line_of, lines_from
from clinical.services.prescriptions import draft_of, write_prescription
from clinical.services.rights import lock_to_record
from clinical.services.signing import findings_of, items_to_check, lock_to_sign, sign_checked
from clinical.services.typed_tests import names_in, tests_in
from clinical.signals import visit_finished
from clinical.statuses.confidentiality import Confidentiality
from hms.core.locks import lock_row
from hms.core.transactions import retried_atomic
from scheduling.services import complete_consultation
from scheduling.statuses import AppointmentStatus

CHANGE = "clinical.change_encounter"
UNCHECKED_ALLERGIES = ("not_checked:allergies", "not_checked:allergy:")
# The way from a row of the record to the visit, by the column that begins it.
TO_VISIT = {
    "appointment": "appointment",
    "encounter": "encounter__appointment",
    "prescription": "prescription__appointment",
    "order": "order__appointment",
}


@retried_atomic
def finish_visit(*, encounter: Encounter, by) -> Encounter:
    """Finish a visit, all or nothing: prescribe and order what was typed, sign, complete the appointment.

    States by a signal what is to be charged. Refuses what its parts refuse: a medicine or test that is not
    understood or that a doctor should look at as it was read, a finding of the check without a reason, an
    empty record. A second call changes nothing.
    """
    lock_to_record(encounter.patient, by=by, permission=CHANGE)
    current = Encounter.objects.select_related("appointment__patient").get(pk=encounter.pk)
    if current.is_signed and current.appointment.status == AppointmentStatus.COMPLETED:
        return current
    typed = _typed_lines(current)
    draft = _prescribe(current, typed, by)
    if draft is not None and draft.items.exists():
        with typed_at("medicine_lines"):
            draft = lock_to_sign(draft, by=by)
            items = items_to_check(draft)
            findings = findings_of(draft, items)
            _refuse_unseen(findings, typed)
            sign_checked(draft, items, findings, by=by)
    orders = _order(current, by)
    _protect(current)
    encounter = sign_encounter(encounter=current, by=by)
    complete_consultation(appointment=encounter.appointment, by=by)
    services = [("consultation", encounter.reference), *(("test", order.test.code) for order in orders)]
    visit_finished.send(Encounter, encounter=encounter, by=by, services=services)
    return encounter


@retried_atomic
def move_to_prescription(*, encounter: Encounter, by) -> Prescription | None:
    """Write the typed medicines into the visit's prescription, where findings of the check are answered."""
    lock_to_record(encounter.patient, by=by, permission=CHANGE)
    current = lock_row(Encounter.objects.all(), pk=encounter.pk)
    draft = _prescribe(current, _typed_lines(current), by)
    if current.medicine_lines:
        current.medicine_lines = ""
        current.save(update_fields=["medicine_lines"])
    return draft


def _typed_lines(encounter: Encounter) -> list[PrescriptionLine]:
    with typed_at("medicine_lines"):
        return lines_from(encounter.medicine_lines.splitlines())


def _prescribe(encounter: Encounter, typed: list[PrescriptionLine], by) -> Prescription | None:
    """The visit's draft with the typed lines behind its items; None without either."""
    appointment = encounter.appointment
    draft = draft_of(appointment)
    if not typed:
        return draft
    with typed_at("medicine_lines"):
        written = [] if draft is None else map(line_of, draft.items.select_related("medicine"))
        measured = VitalSigns.objects.recent_weight(encounter.patient)
        weight = draft.weight_kg if draft is not None and draft.weight_kg else measured
        return write_prescription(appointment=appointment, items=[*written, *typed], weight_kg=weight, by=by)


def _refuse_unseen(findings: list[Finding], typed: list[PrescriptionLine]) -> None:
    """Nothing is signed unseen that was not read exactly, or not checked against the allergies."""
    if not typed:
        return
    doubts = doubts_of(typed)
    if unanswered := [each for each in findings if each.needs_reason]:
        raise FindingsUnresolved(unanswered, readings=doubts)
    doubts += [each.text for each in findings if each.key.startswith(UNCHECKED_ALLERGIES)]
    if doubts:
        raise ReadingsDoubtful(texts=" ".join(doubts))


def _order(encounter: Encounter, by) -> list:
    if not names_in(encounter.test_lines):
        return []
    with typed_at("test_lines"):
        found = tests_in(encounter.test_lines)
        return order_tests(
            appointment=encounter.appointment,
            tests=[one for one in found if isinstance(one, LabTest)],
            panels=[one for one in found if isinstance(one, LabPanel)],
            confidentiality=encounter.confidentiality,
            by=by,
        )


def _protect(encounter: Encounter) -> None:
    """Everything written at a sensitive visit is as sensitive as its record."""
    wanted = encounter.confidentiality
    degrees = Confidentiality.values
    wider = degrees[: degrees.index(wanted)]
    if not wider:
        return
    for model in patient_owned_models():
        if not issubclass(model, ClinicalRecord) or model is Encounter:
            continue
        names = {field.name for field in model._meta.concrete_fields}
        path = next((path for name, path in TO_VISIT.items() if name in names), None)
        if path is None:
            continue
        of_visit = {path: encounter.appointment_id, "confidentiality__in": wider}
        for row in model.objects.filter(**of_visit):
            row.confidentiality = wanted
            row.save(update_fields=["confidentiality"])
