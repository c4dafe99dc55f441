"""Figures of prescribing per doctor and month, without patients."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.services import withdraw_prescription
from clinical.services.prescribing_review import Figures, figures_of
from hms.core.refusals import NotAllowed
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C14")]
PAGE = "/admin/prescribing/"


def prescribing_doctor():
    """A doctor with three signed prescriptions and a draft."""
    doctor = doctor_at_work()
    lines = (
        ["amoxicillin 500 tds 5d", "dolo 650 tds 3d"],  # an antibacterial, and a brand
        ["cefixime 200 bd 5d", "cefixime 200 bd 5d"],  # Schedule H1, twice the same: against a finding
        ["Dashmool kadha bd"],  # unknown, and for how long
    )
    for number, each in enumerate(lines):
        signed = sign(write(patient_of(doctor), *each))
        if number == 0:
            withdraw_prescription(prescription=signed, reason="Wrong patient", by=doctor.user)
    write(patient_of(doctor), "cetirizine 10 hs 5d")
    return doctor


def test_the_figures_count_what_was_signed_in_the_month():
    doctor = prescribing_doctor()
    auditor, today = staff("auditor"), timezone.localdate()

    (found,) = figures_of(month=today, by=auditor)

    assert found == Figures(
        doctor=doctor.full_name,
        prescriptions=3,
        items_count=5,
        generic=3,
        incomplete=1,
        antibacterials=2,
        h1=1,
        overridden=1,
        withdrawn=1,
    )
    assert (found.generic_share, found.complete_share, found.antibacterial_share) == (60, 67, 67)
    assert figures_of(month=today.replace(day=1) - timedelta(days=1), by=auditor) == []
    with pytest.raises(NotAllowed):
        figures_of(month=today, by=doctor.user)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_names_doctors_and_no_patients(count, client, django_assert_num_queries):
    doctors = [prescribing_doctor() for _number in range(count)]
    client.force_login(staff("auditor"))
    client.get(PAGE)

    with django_assert_num_queries(5):
        page = client.get(PAGE)

    assert [row.doctor for row in page.context["figures"]] == [doctor.full_name for doctor in doctors]
    names = {visit.patient.full_name for doctor in doctors for visit in doctor.appointments.all()}
    assert [name for name in names if f"{name}<" in page.text] == []


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12"])
def test_an_odd_month_in_the_address_is_answered(month, client):
    client.force_login(staff("administrator"))

    assert client.get(PAGE, {"month": month}).status_code == 200


def test_others_do_not_open_the_page(client):
    client.force_login(staff("doctor"))

    assert client.get(PAGE).status_code == 403
