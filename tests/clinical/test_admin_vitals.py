"""A nurse or doctor records vital signs at a visit; the patient reads them in plain words."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Patient
from audit.models import AuditEvent, Outcome
from clinical.models import VitalSigns
from clinical.services import record_vitals
from tests.clinical.rows import doctor_at_work, visit_today
from tests.costs import READ, READ_BY_STAFF
from tests.factories import NurseFactory, PatientFactory, at, staff
from tests.opened import opened
from tests.scheduling.pages import links, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C02")]
PAGE = "/me/records/vitals/"
# session, person, people, vital signs
QUERIES = 4 + READ
# session, person, permissions twice, appointment, vital signs, record of the visit
STAFF_QUERIES = 7 + READ_BY_STAFF
TYPED = {"temperature_c": "101.2 F", "pulse": "112", "blood_pressure": "118/76", "weight_kg": "150 lb"}
COMPLETE = TYPED | {"respirations": "22", "oxygen_saturation": "94", "on_oxygen": "air", "consciousness": "A"}


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def patient(doctor):
    return arrived(doctor, full_name="Sunita Deshpande", date_of_birth=date(1980, 5, 1), gender="female")


@pytest.fixture
def page(patient):
    return f"/admin/vitals/{patient.appointments.get().reference}/"


def arrived(doctor, **fields) -> Patient:
    """A patient who waits for the doctor today."""
    return visit_today(doctor, PatientFactory(**fields)).patient


def words_of(response) -> str:
    return text(response).replace("\N{NO-BREAK SPACE}", " ")


def record(client, page, **answers):
    return client.post(page, opened(client, page) | answers, follow=True)


def test_what_is_typed_is_recorded_and_said_back_with_flags_and_news2(client, doctor, patient, page):
    response = record(client, page, **COMPLETE)

    vitals = VitalSigns.objects.get()
    assert (vitals.temperature_c, vitals.weight_kg, vitals.on_oxygen) == (
        Decimal("38.4"),
        Decimal("68.04"),
        False,
    )
    assert (vitals.appointment, vitals.recorded_by) == (patient.appointments.get(), doctor.user)
    said = words_of(response)
    assert "Temperature 38.4 °C (101.2 °F)" in said
    assert "Weight 68.04 kg (150 lb)" in said
    assert "112/min high" in said
    assert "118/76 mmHg" in said
    assert "NEWS2 6: medium risk: urgent review by a doctor" in said
    assert "Last: 112/min" in said


def test_news2_names_what_is_missing_and_children_have_growth_instead(client, doctor, patient, page):
    adult = words_of(record(client, page, **TYPED))
    born = timezone.localdate().replace(year=timezone.localdate().year - 1, day=1)
    child = arrived(doctor, date_of_birth=born, gender="male")
    address = f"/admin/vitals/{child.appointments.get().reference}/"

    young = words_of(record(client, address, weight_kg="9600 g", height_cm="75.7"))

    missing = "not measured: breaths, oxygen saturation, air or oxygen, consciousness. At least 3."
    assert f"NEWS2 incomplete: {missing}" in adult
    assert "NEWS2" not in young.replace("NEWS2 with oxygen scale 2", "")
    assert re.search(r"Weight for age percentile \d\d, z-score", young)
    assert "12 months" in young


@pytest.mark.feature("C17")
def test_a_child_above_five_years_has_no_percentiles_and_the_page_says_so(client, doctor):
    born = timezone.localdate().replace(year=timezone.localdate().year - 8, day=1)
    child = arrived(doctor, date_of_birth=born, gender="male")
    address = f"/admin/vitals/{child.appointments.get().reference}/"

    said = words_of(record(client, address, weight_kg="25", height_cm="127"))

    assert "Percentiles are shown up to the age of 5 years." in said
    assert "percentile " not in said
    assert "BMI 15.5 kg/m²" in said


def test_what_is_impossible_is_refused_at_its_box_and_nothing_is_saved(client, page):
    response = record(
        client, page, **TYPED | {"pulse": "999", "blood_pressure": "76/118", "height_cm": "tall"}
    )

    errors = {name: list(found) for name, found in response.context["form"].errors.items()}
    assert errors == {
        "pulse": ["999/min is not possible. Enter 0 to 350/min."],
        "blood_pressure": ["The diastolic pressure must be below the systolic pressure."],
        "height_cm": ["Enter a number in cm, or with another unit like 5 ft 7 in."],
    }
    assert 'value="101.2 F"' in response.text
    assert not VitalSigns.objects.exists()


def test_refusals_of_the_service_are_shown(client, page):
    nothing = record(client, page)
    future = record(client, page, pulse="72", measured_at=f"{at(9, days=2):%Y-%m-%dT%H:%M}")

    assert nothing.context["form"].non_field_errors() == ["Enter at least one measurement."]
    assert future.context["form"].errors == {
        "measured_at": ["Enter a time between the patient's birth and now."]
    }
    assert not VitalSigns.objects.exists()


def test_a_form_that_is_sent_twice_records_once(client, page):
    form = opened(client, page) | TYPED

    answers = [client.post(page, form).status_code for _twice in range(2)]

    assert answers == [302, 302]
    assert VitalSigns.objects.count() == 1


def test_an_error_is_marked_in_the_list_and_leaves_the_page(client, doctor, patient, page):
    vitals = record_vitals(patient=patient, appointment=patient.appointments.get(), pulse=72, by=doctor.user)
    address = f"/admin/clinical/vitalsigns/{vitals.pk}/change/"
    assert address in links(client.get(page))

    without = client.post(address, opened(client, address) | {"reason": ""})
    client.post(address, opened(client, address) | {"reason": "Other patient"})

    assert without.status_code == 200
    vitals.refresh_from_db()
    assert (vitals.status, vitals.status_reason) == ("entered_in_error", "Other patient")
    assert "72/min" not in words_of(client.get(page))
    assert "Other patient" in words_of(client.get(address))
    assert client.post(address, {"reason": "Again"}).status_code == 403


def test_a_nurse_of_the_doctor_opens_the_page_and_others_do_not(client, doctor, patient, page):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    statuses = {}
    for who, user in {
        "nurse": nurse.user,
        "other doctor": doctor_at_work().user,
        "desk": staff("receptionist"),
        "administrator": staff("administrator"),
        "billing": staff("billing_clerk"),
        "lab": staff("lab_technician"),
        "auditor": staff("auditor"),
    }.items():
        client.force_login(user)
        statuses[who] = (client.get(page).status_code, client.post(page, TYPED).status_code)

    assert statuses.pop("nurse") == (200, 200)  # without the key of the form, so shown again
    assert statuses.pop("other doctor") == (404, 404)
    assert set(statuses.values()) == {(403, 403)}
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED, model="scheduling.appointment").count() == 2
    assert not VitalSigns.objects.exists()


def test_the_page_is_linked_from_the_day_board_and_the_visit_for_those_who_record(
    client, doctor, patient, page
):
    visit = f"/admin/scheduling/appointment/{patient.appointments.get().pk}/change/"
    pages = ("/admin/day-board/", visit)

    linked = [page in links(client.get(each)) for each in pages]
    client.force_login(staff("receptionist"))

    assert linked == [True, True]
    assert [page in links(client.get(each)) for each in pages] == [False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_the_staff_page_costs_the_same_for_one_and_for_three(
    count, client, doctor, patient, page, django_assert_num_queries
):
    for number in range(count):
        record_vitals(patient=patient, measured_at=at(9, days=-number - 1), pulse=70 + number, by=doctor.user)
    client.get(page)

    with django_assert_num_queries(STAFF_QUERIES):
        response = client.get(page)

    assert len(response.context["trends"]) == (count > 1)
