"""Records, prescriptions, results and bills: who gets them, and only what has been released."""

import pytest
from django.db.models import QuerySet

from accounts.models import Guardianship, Patient, Scope
from billing.models import Invoice
from clinical.models import ClinicalRecord, Encounter, LabResult, Prescription
from clinical.services import open_encounter
from clinical.statuses.confidentiality import Confidentiality
from hms.core.references import new_reference
from tests.api.calls import Caller, told
from tests.billing.rows import booked as visit_with_bill
from tests.clinical.scene import PRIVATE_WORD, WORD
from tests.factories import at, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I01")]

TREATING = {"own doctor", "colleague", "covering doctor", "nurse today"}
CARERS = {"patient", "guardian"}
ROW_OF = {"records": "encounter", "prescriptions": "prescription", "results": "labresult"}


def readers(scene, kind: str) -> set[str]:
    """Those who get the row, in the list and by its reference alike."""
    found = set()
    for who, user in scene.people.items():
        call = Caller(user)
        ref = scene.rows[ROW_OF[kind]].reference
        listed = ref in [row["ref"] for row in call.get(f"{kind}/").json()["results"]]
        assert listed == (call.get(f"{kind}/{ref}/").status_code == 200), who
        if listed:
            found.add(who)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROW_OF)
def test_those_who_treat_and_carers_read_released_parts_and_nobody_else(scene, kind):
    assert readers(scene, kind) == TREATING | CARERS
    Patient.objects.filter(pk=scene.patient.pk).update(is_confidential=True)
    assert readers(scene, kind) == {"own doctor", "colleague"} | CARERS


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROW_OF)
@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (Confidentiality.SENSITIVE, {"own doctor", *CARERS}),
        (Confidentiality.HIDDEN, {"own doctor", "patient"}),
    ],
)
def test_marked_rows_are_open_to_fewer(scene, kind, mark, expected):
    model = type(scene.rows[ROW_OF[kind]])
    assert issubclass(model, ClinicalRecord)
    QuerySet(model).update(confidentiality=mark)

    assert readers(scene, kind) == expected


def test_a_record_says_what_the_patient_takes_home_and_never_the_notes(scene):
    answer = Caller(scene.people["patient"]).get("records/")

    (row,) = answer.json()["results"]
    assert [line["title"] for line in row["diagnoses"]] == [f"{WORD} fever"]
    assert [line["text"] for line in row["addenda"]] == [f"{WORD} called back"]
    assert row["advice"] == f"{WORD} advice"
    for hidden in (f"{WORD} examination", f"{WORD} history", f"{WORD} complaint", PRIVATE_WORD):
        assert hidden not in answer.text


def test_what_is_not_signed_or_acknowledged_is_not_there(scene):
    draft = open_encounter(appointment=scene.rows["completed visit"], by=scene.doctor.user)
    waiting = LabResult.objects.exclude(status="acknowledged").get()

    for who in ("patient", "own doctor"):
        call = Caller(scene.people[who])
        assert told(call.get(f"records/{draft.reference}/")) == (404, "not_found")
        assert told(call.get(f"results/{waiting.reference}/")) == (404, "not_found")
        assert call.get("records/").json()["count"] == call.get("results/").json()["count"] == 1
    assert Encounter.objects.count() == 2


def test_a_prescription_and_a_result_read_as_on_paper(scene):
    call = Caller(scene.people["patient"])

    (item,) = call.get("prescriptions/").json()["results"][0]["items"]
    (result,) = call.get("results/").json()["results"]

    written = Prescription.objects.get().items.get()
    assert (item["name"], item["dose"], item["duration_days"]) == (written.name, str(written.dose), 3)
    assert (result["shown"], result["flag"]) == (f"{WORD} grew", "normal")
    assert result["note_for_patient"] == f"{WORD} is well"


def test_lists_are_of_one_person_if_asked(scene):
    call, other = Caller(scene.people["guardian"]), scene.people["stranger"].guardianships.get().patient

    for kind in ROW_OF:
        assert call.get(f"{kind}/?patient={scene.patient.reference}").json()["count"] == 1
        assert call.get(f"{kind}/?patient={other.reference}").json()["count"] == 0


@pytest.mark.parametrize(("kind", "queries"), [("records/", 10), ("prescriptions/", 9), ("results/", 10)])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_for_one_and_for_three(
    scene, kind, queries, rows, django_assert_num_queries
):
    model = {"records/": Encounter, "prescriptions/": Prescription, "results/": LabResult}[kind]
    copied(model, scene.rows[ROW_OF[kind[:-1]]], rows - 1)
    call = Caller(scene.people["patient"])

    with django_assert_num_queries(queries):
        assert len(call.get(kind).json()["results"]) == rows


def copied(model, row, times: int) -> None:
    """Further rows of the kind, made without the services: only their number matters."""
    for _time in range(times):
        copy = model.objects.visible_to(row.patient.guardianships.get(relation="self").user).get(pk=row.pk)
        copy.pk, copy.reference = None, new_reference()
        copy._state.adding = True
        for field in model._meta.concrete_fields:
            if field.unique and field.null:
                setattr(copy, field.attname, None)
        if hasattr(copy, "appointment_id") and model is Encounter:
            copy.appointment = row.patient.appointments.exclude(encounter__isnull=False).first()
        if model is LabResult:
            order = row.order
            order.pk, order.reference, order._state.adding = None, new_reference(), True
            order.save(force_insert=True)
            copy.order = order
        QuerySet(model).bulk_create([copy])


def test_bills_are_for_those_who_may_pay_and_for_the_desk():
    bill = visit_with_bill()
    other = visit_with_bill(at(10))
    invoice = Invoice.objects.get(appointment=bill.visit)
    reader = carer_of(bill.patient, relation="spouse", may_pay=False)
    path = f"invoices/{invoice.reference}/"

    found = Caller(bill.carer).get("invoices/").json()["results"]
    shown = Caller(bill.carer).get(path).json()

    assert [(row["ref"], row["state"], row["booking"]) for row in found] == [
        (invoice.reference, "unpaid", bill.visit.reference)
    ]
    assert shown["total"] == str(invoice.total)
    assert sum(float(line["total"]) for line in shown["lines"]) == float(invoice.total)
    for stranger in (reader, other.carer, staff("doctor")):
        assert told(Caller(stranger).get(path)) == (404, "not_found")
        assert invoice.reference not in Caller(stranger).get("invoices/").text
    assert Caller(staff("billing_clerk")).get("invoices/").json()["count"] == 2
    assert Caller(staff("billing_clerk")).get("invoices/?status=void").json()["count"] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_bills_takes_the_same_queries(rows, django_assert_num_queries):
    for hour in range(9, 9 + rows):
        visit_with_bill(at(hour))
    call = Caller(staff("billing_clerk"))

    with django_assert_num_queries(12):
        assert len(call.get("invoices/").json()["results"]) == rows


def test_a_guardianship_without_records_shows_bookings_alone(scene):
    Guardianship.objects.filter(user=scene.people["guardian"]).update(**{Scope.SEE_RECORDS.value: False})
    call = Caller(scene.people["guardian"])

    assert [call.get(f"{kind}/").json()["count"] for kind in (*ROW_OF, "bookings")] == [0, 0, 0, 4]
