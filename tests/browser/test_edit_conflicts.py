"""Edit conflicts on large and small screens, with and without scripts."""

import pytest
from django.urls import reverse

from accounts.particulars import Particulars
from accounts.services import update_patient
from hms.core.rights import SYSTEM
from scheduling.services import edit_symptoms
from tests.billing.rows import booked
from tests.browser.rows import given_a_doctor
from tests.factories import staff

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.feature("A06"),
]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_desk_sees_both_versions_and_saves_again(visitor, width):
    patient = booked(doctor=given_a_doctor()).patient
    meena = visitor(width=width)
    meena.logs_in_as(staff("receptionist", full_name="Meena Desk"))
    meena.opens(reverse("admin:accounts_patient_change", args=[patient.pk]))
    changes = Particulars(phone="+919845000002", city="Hubli")
    update_patient(patient=patient, particulars=changes, by=staff("receptionist"))

    meena.fills(city="Bengaluru")
    meena.presses_in_vain("Save")
    is_focused = meena.page.evaluate("document.activeElement.className")
    meena.presses("Save")

    patient.refresh_from_db()
    assert is_focused == "edit-conflict"
    assert (str(patient.phone), patient.city) == ("+919845000002", "Bengaluru")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_patient_sees_both_versions_and_saves_again(visitor, javascript):
    scene = booked(doctor=given_a_doctor())
    asha = visitor(width=360, javascript=javascript)
    asha.logs_in_as(scene.carer)
    asha.opens(f"/me/appointments/{scene.visit.reference}/symptoms/")
    edit_symptoms(appointment=scene.visit, symptoms="ALLERGIC TO PENICILLIN", by=SYSTEM)

    asha.fills(symptoms="Cough since Monday")
    asha.presses_in_vain("Save")
    asha.sees("ALLERGIC TO PENICILLIN", "Nothing has been saved yet")
    asha.fills(symptoms="Cough since Monday. ALLERGIC TO PENICILLIN")
    asha.presses("Save")

    scene.visit.refresh_from_db()
    assert scene.visit.symptoms == "Cough since Monday. ALLERGIC TO PENICILLIN"
