"""A doctor prescribes on one page without scripts: types lines, saves, answers the check, signs."""

from decimal import Decimal

import pytest

from clinical.models import Prescription, PrescriptionTemplate
from clinical.services import record_allergy, record_vitals
from clinical.services.prescription_templates import save_prescription_template
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import PENICILLIN, doctor_at_work, visit_today
from tests.factories import PatientFactory, staff
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C04"), pytest.mark.feature("C13")]


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def visit(doctor):
    return visit_today(doctor, PatientFactory(gender="male", full_name="Ravi Kumar"))


@pytest.fixture
def page(visit):
    return f"/admin/prescribe/{visit.reference}/"


def items() -> list[tuple]:
    rows = Prescription.objects.get().items.order_by("position")
    return list(rows.values_list("name", "dose", "schedule", "duration_days", "quantity", "instructions"))


def submit(client, page, **answers):
    return client.post(page, opened(client, page) | answers)


def test_lines_are_typed_saved_and_shown_as_items_that_can_be_changed(client, page):
    submit(client, page, lines="dolo 650 tds 3d after food\ncetirizine 10 hs 5d", save="1")

    shown = opened(client, page)
    submit(client, page, **{"item-0-duration_days": "5", "item-1-medicine": ""}, save="1")

    assert shown["item-0-medicine"] == ["paracetamol, tablet 650 mg [Dolo 650]"]
    assert shown["item-1-schedule"] == ["0-0-1"]
    assert items() == [("paracetamol", 1, "1-1-1", 5, 15, "after food")]
    assert Prescription.objects.get().items.get().brand == "Dolo 650"


def test_the_page_works_by_the_boxes_alone_and_keeps_a_name_in_quotation_marks(client, page):
    submit(
        client,
        page,
        **{"item-0-medicine": "amox 500", "item-0-schedule": "q8h", "item-0-duration_days": "5"},
        **{"item-1-medicine": '"Zinc syrup of the village"', "item-1-schedule": "od", "item-1-dose": "2.5"},
        save="1",
    )

    assert items() == [
        ("amoxicillin", 1, "every 8 hours", 5, 15, ""),
        ("Zinc syrup of the village", 2.5, "1-0-0", None, None, ""),
    ]


def test_what_cannot_be_read_is_shown_at_its_box_and_nothing_is_saved(client, page):
    answer = submit(
        client,
        page,
        lines="ibuprofen when it hurts",
        **{"item-0-medicine": "amox 500", "item-0-schedule": "now and then"},
        save="1",
    )

    assert [str(each) for each in answer.context["form"].errors["lines"]] == [
        (
            "“ibuprofen when it hurts” is not a schedule. Enter for example 1-0-1, BD, q8h, SOS or "
            "alternate days."
        )
    ]
    assert list(answer.context["items"].forms[0].errors) == ["schedule"]
    assert not Prescription.objects.exists()


def test_signing_asks_for_reasons_keeps_them_and_prints(client, doctor, visit, page):
    record_allergy(patient=visit.patient, **PENICILLIN, by=doctor.user)

    refused = submit(client, page, lines="amox 500 tds 5d", sign="1")
    reasons = {name: "Tolerated in 2025" for name in opened(client, page) if name.startswith("reason-")}
    signed = submit(client, page, **reasons, sign="1")

    assert refused.context["refused"] == [
        (
            "Give a reason for each finding, or change the prescription: amoxicillin 500 mg capsule is of "
            "the class penicillin: the patient is allergic to Penicillin."
        )
    ]
    assert len(reasons) == 1
    prescription = Prescription.objects.get()
    assert (prescription.status, prescription.is_overridden) == ("signed", True)
    assert signed.url == f"/me/records/prescriptions/{prescription.reference}/"


def test_a_page_that_is_older_than_the_draft_shows_both_and_saves_on_request(client, visit, page):
    old = opened(client, page)
    write(visit.patient, "cetirizine 10 hs 5d")

    answer = client.post(page, old | {"lines": "dolo 650 tds 3d", "save": "1"})
    kept = items()
    again = client.post(
        page, old | {"lines": "dolo 650 tds 3d", "save": "1", "seen": answer.context["form"]["seen"].value()}
    )

    assert answer.status_code == 409
    assert [item.name for item in answer.context["saved_items"]] == ["cetirizine"]
    assert kept == [("cetirizine", 1, "0-0-1", 5, 5, "")]
    assert again.status_code == 302
    assert [row[0] for row in items()] == ["paracetamol"]


def test_the_last_prescription_is_repeated_with_what_differs(client, doctor, visit, page):
    sign(write(visit.patient, "metformin 500 1-0-1 30 days", "cetirizine 10 hs 5d"))
    later = visit_today(doctor, visit.patient, starts_at=visit.ends_at)
    page = f"/admin/prescribe/{later.reference}/"

    client.post(page, {"repeat": "1"})
    submit(client, page, **{"item-0-schedule": "1-1-1", "item-1-medicine": ""}, lines="ors once", save="1")

    assert client.get(page).context["changes"] == [
        "metformin: 1-0-1 → 1-1-1.",
        "New: oral rehydration salts for 1 L powder.",
        "Left out: cetirizine 10 mg tablet.",
    ]


def test_a_template_adds_its_items(client, doctor, page):
    lines = "cetirizine 10 hs 5d\n\ndolo 650 sos max 3/day"
    template = PrescriptionTemplate(doctor=doctor, name="Cold", lines=lines)
    save_prescription_template(template=template, by=doctor.user)

    submit(client, page, template=str(template.pk), save="1")

    assert [row[0] for row in items()] == ["cetirizine", "paracetamol"]


def test_medicines_are_found_by_name_brand_strength_and_misspelt(client, doctor):
    found = {
        typed: client.get("/admin/medicines/", {"q": typed}).context["medicines"][0].name
        for typed in ("amox", "crocin", "amoxycilin 250", "thyronorm 50", "metfromin")
    }

    assert found == {
        "amox": "amoxicillin",
        "crocin": "paracetamol",
        "amoxycilin 250": "amoxicillin",
        "thyronorm 50": "levothyroxine",
        "metfromin": "metformin",
    }
    assert (
        "amoxicillin, capsule 500 mg" in client.get("/admin/medicines/", {"item-0-medicine": "amox 500"}).text
    )
    assert client.get("/admin/medicines/").context["medicines"] == []


def test_others_do_not_reach_the_page(client, page):
    answers = {}
    for who in ("receptionist", "nurse", "administrator", "doctor"):
        client.force_login(staff(who))
        answers[who] = client.get(page).status_code

    assert answers == {"receptionist": 403, "nurse": 403, "administrator": 403, "doctor": 404}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three_items(
    count, client, visit, page, django_assert_num_queries
):
    write(visit.patient, *["cetirizine 10 hs 5d", "dolo 650 tds 3d", "ors once"][:count])
    client.get(page)

    with django_assert_num_queries(32):
        client.get(page)


def test_the_last_weight_is_proposed_until_a_draft_says_otherwise(client, doctor, visit, page):
    record_vitals(patient=visit.patient, appointment=visit, weight_kg=Decimal("71.5"), by=doctor.user)

    proposed = opened(client, page)["weight_kg"]
    submit(client, page, lines="ors once", weight_kg="", save="1")

    assert proposed == ["71.5"]
    assert opened(client, page)["weight_kg"] == [""]
