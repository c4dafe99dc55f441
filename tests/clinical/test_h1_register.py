"""The register of Schedule H1: what was handed out in a month, by whose prescription, to whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Patient
from clinical.exceptions import PrescriptionIncomplete
from clinical.models import Prescription
from clinical.services import dispense_prescription, withdraw_prescription
from clinical.services.h1_register import h1_register
from clinical.statuses.confidentiality import Confidentiality
from hms.core.refusals import NotAllowed
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.factories import NurseFactory, PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C14")]
PAGE = "/admin/reports/schedule-h1/"


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def nurse(doctor):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    return nurse.user


def handed_out(doctor, nurse, **address) -> Prescription:
    patient = visit_today(doctor, PatientFactory(gender="female", **address)).patient
    signed = sign(write(patient, "cefixime 200 bd 5d", "dolo 650 tds 3d"))
    return dispense_prescription(prescription=signed, by=nurse)


def entries(by) -> list:
    today = timezone.localdate()
    return h1_register(first=today, last=today, by=by)


def test_an_entry_says_what_the_rules_ask_for_of_each_item_of_schedule_h1(doctor, nurse):
    given = handed_out(doctor, nurse, street="4 Hill Road", city="Pune", postcode="411001")
    sign(write(patient_of(doctor), "cefixime 200 bd 5d"))  # not handed out

    (entry,) = entries(staff("nurse"))

    assert (entry.supplied_at, entry.supplied_by) == (given.dispensed_at, str(nurse))
    assert (entry.doctor["name"], entry.doctor["registration"]) == (
        doctor.full_name,
        doctor.registration_number,
    )
    assert entry.hospital == given.frozen["letterhead"]["hospital"]
    assert entry.patient["name"] == given.patient.full_name
    assert entry.address == "4 Hill Road, Pune 411001, India"
    assert (entry.medicine, entry.quantity) == ("CEFIXIME 200 mg tablet", "10 tablets")
    assert entry.prescription == given.reference


def test_an_entry_stays_when_the_prescription_is_withdrawn_and_belongs_to_its_day(doctor, nurse):
    given = handed_out(doctor, nurse)
    withdraw_prescription(prescription=given, reason="Rash", by=doctor.user)

    (entry,) = entries(nurse)

    assert entry.is_withdrawn
    yesterday = timezone.localdate() - timedelta(days=1)
    assert h1_register(first=yesterday - timedelta(days=30), last=yesterday, by=nurse) == []


def test_what_the_treating_doctor_alone_may_read_is_not_listed(doctor, nurse):
    normal, sensitive, confidential = (handed_out(doctor, nurse) for _number in range(3))
    for item in sensitive.items.all():
        item.confidentiality = Confidentiality.SENSITIVE
        item.save()
    Patient.objects.filter(pk=confidential.patient_id).update(is_confidential=True)

    assert [entry.prescription for entry in entries(nurse)] == [normal.reference]


def test_only_those_who_keep_the_register_see_it(doctor, nurse, client):
    handed_out(doctor, nurse)

    for role in ("doctor", "receptionist", "billing_clerk", "lab_technician", "auditor", "administrator"):
        other = staff(role)
        with pytest.raises(NotAllowed):
            entries(other)
        client.force_login(other)
        assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_shows_the_entries(count, client, nurse, doctor, django_assert_num_queries):
    given = [handed_out(doctor, nurse) for _number in range(count)]
    hospital = given[0].frozen["letterhead"]["hospital"]
    client.force_login(nurse)
    client.get(PAGE)

    with django_assert_num_queries(13):
        page = client.get(PAGE)

    found = page.context["answer"].answer.rows
    assert [row["prescription"] for row in found] == [row.reference for row in given]
    prescriber = (doctor.full_name, doctor.registration_number, hospital["name"], hospital["address"])
    assert {row["prescriber"] for row in found} == {", ".join(prescriber)}
    assert page.text.count("CEFIXIME 200 mg tablet") == count
    assert page.text.count("no address on record") == count


def test_the_list_of_prescriptions_links_to_the_register(client, nurse):
    page = "/admin/clinical/prescription/"
    client.force_login(nurse)
    assert PAGE in client.get(page).text
    client.force_login(doctor_at_work().user)
    assert PAGE not in client.get(page).text


def test_an_item_for_the_register_is_not_signed_without_a_quantity(doctor):
    draft = write(patient_of(doctor), "tramadol 50 sos", "paracetamol 500 sos")

    with pytest.raises(PrescriptionIncomplete) as refused:
        sign(draft)

    assert refused.value.messages == [
        "A prescription cannot be signed without: the quantity of tramadol (Schedule H1)."
    ]
