"""The paper: what the law wants is on it, generic names in capitals, and when to take how much."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clinical.prescribing.paper import PaperRow, paper_items
from clinical.prescription_papers import notice_of
from clinical.services import withdraw_prescription
from clinical.services.prescription_lines import item_of, line_from
from scheduling.models import Doctor
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import doctor_at_work, visit_today
from tests.core.test_pdf import contents
from tests.costs import READ
from tests.factories import GuardianshipFactory, PatientFactory, carer_of, staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C04"), pytest.mark.feature("C14")]
LIST = "/me/records/medicines/"
QUERIES = 6 + READ


@pytest.fixture
def doctor():
    doctor = doctor_at_work()
    Doctor.objects.filter(pk=doctor.pk).update(registration_council="Karnataka Medical Council")
    doctor.refresh_from_db()
    return doctor


@pytest.fixture
def patient():
    return PatientFactory(full_name="Sunita Deshpande", gender="female")


@pytest.fixture
def signed(doctor, patient):
    visit_today(doctor, patient)
    lines = ("augmentin 625 bd 5d after food", "prednisolone 10 5 days 2-0-0 then 5 days ½-0-0")
    return sign(write(patient, *lines, weight_kg=Decimal("61.5")))


@pytest.fixture
def page(client, patient, signed):
    client.force_login(carer_of(patient))
    return signed.get_absolute_url()


def row(line: str) -> tuple:
    (item,) = paper_items([item_of(line_from(line), 1)])
    return item.unit, item.rows, item.quantity


def test_what_the_law_wants_is_on_the_page(client, page, doctor, patient, signed):
    shown = text(client.get(page))

    today = timezone.localdate()
    for wanted in (
        *(doctor.full_name, "MBBS, MD", "Karnataka Medical Council"),
        f"Reg. no. {doctor.registration_number}",
        *("Sunita Deshpande", f"{patient.age} years, Female", "61.5 kg", f"{today:%-d %B %Y}"),
        *("1. AMOXICILLIN + CLAVULANIC ACID 500 mg + 125 mg", "(Augmentin 625 Duo)", "Schedule H"),
        *("2. PREDNISOLONE 10 mg", "Day 1 to 5", "For 10 days.", "Quantity: 13 tablets.", signed.reference),
        *("14 Residency Road", "After food."),
    ):
        assert wanted in shown


def test_the_table_tells_how_much_to_take_when():
    rows = {
        line: row(line)
        for line in (
            "amox 500 1-0-1 5d",
            "syp amoxicillin 125 7.5 ml tds 5d",
            "prednisolone 10 2 days 2-0-0 then 1 day ½-0-0",
            "dolo 650 sos max 3/day 3 days",
            "methotrexate 2.5 3 tabs weekly 4 weeks",
            "salbutamol inhaler 2 puffs q6h 5 days",
        )
    }

    assert list(rows.values()) == [
        ("Capsules", (PaperRow("Every day", ("1", "", "", "1")),), "10 capsules"),
        ("mL", (PaperRow("Every day", ("7.5", "7.5", "", "7.5")),), "113 mL"),
        (
            "Tablets",
            (PaperRow("Day 1 to 2", ("2", "", "", "")), PaperRow("Day 3", ("½", "", "", ""))),
            "5 tablets",
        ),
        ("Tablets", (PaperRow("1 tablet, when needed, at most 3 times a day", ()),), "9 tablets"),
        ("Tablets", (PaperRow("Once a week", ("3", "", "", "")),), "12 tablets"),
        ("Puffs", (PaperRow("2 puffs, every 6 hours", ()),), "1 pack"),
    ]


def test_a_video_visit_shows_its_mode_and_how_to_reach_the_patient(client, doctor, patient):
    visit_today(doctor, patient, mode="video")
    signed = sign(write(patient, "paracetamol 500 tds 3d"))
    client.force_login(carer_of(patient))

    shown = text(client.get(signed.get_absolute_url()))

    assert "Video" in shown
    assert str(patient.phone) in shown


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_the_pdf_has_the_paper_that_was_asked_for(size, client, page, signed):
    answer = client.get(page.rstrip("/") + ".pdf", {"size": size})

    assert answer.headers["Content-Type"] == "application/pdf"
    assert signed.reference in answer.headers["Content-Disposition"]
    width = re.search(rb"/MediaBox \[0 0 (\d+)", contents(answer.content))[1]
    assert width == {"a4": b"595", "a5": b"419"}[size]


def test_a_withdrawn_and_an_expired_prescription_say_so(client, page, doctor, patient, signed):
    check = client.get(page).context["check"].address
    assert "genuine" in text(client.get(check)).lower()
    withdraw_prescription(prescription=signed, reason="Rash", by=doctor.user)
    other = sign(write(patient, "paracetamol 500 tds 3d"))
    other.valid_until = timezone.localdate() - timedelta(days=1)

    assert "do not use" in text(client.get(page))
    assert "withdrawn" in text(client.get(check)).lower()
    assert notice_of(other).startswith("No longer valid")


def test_drafts_and_others_prescriptions_do_not_exist_for_a_carer(client, page, doctor, patient, signed):
    visit_today(doctor, patient, starts_at=timezone.now())
    draft = write(patient, "cetirizine 10 hs 5d")
    answers = {}
    for who, user in {
        "carer": carer_of(patient),
        "payer": carer_of(patient, may_see_records=False),
        "stranger": carer_of(PatientFactory()),
        "desk": staff("receptionist"),
        "doctor": doctor.user,
    }.items():
        client.force_login(user)
        answers[who] = [client.get(address).status_code for address in (page, draft.get_absolute_url())]

    assert answers == {
        "carer": [200, 404],
        "payer": [404, 404],
        "stranger": [404, 404],
        "desk": [404, 404],
        "doctor": [200, 404],
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(count, client, doctor, django_assert_num_queries):
    user = GuardianshipFactory().user
    patient = user.guardianships.get().patient
    patient.gender = "female"
    patient.save()
    for number in range(count):
        visit_today(doctor, patient, starts_at=timezone.now() + timedelta(minutes=20 * number))
        sign(write(patient, "cetirizine 10 hs 5d"))
    client.force_login(user)
    client.get(LIST)

    with django_assert_num_queries(QUERIES):
        page = client.get(LIST)

    assert len(page.context["prescriptions"]) == count
