"""The page on which a doctor orders tests for a visit."""

import pytest

from clinical.models import LabOrder
from tests.clinical.lab_rows import ordered, technician
from tests.clinical.rows import doctor_at_work, patient_of
from tests.costs import READ_BY_STAFF
from tests.factories import staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
# session, user, permissions, visit, panels, their tests, tests, orders, preparations, the doctor of the login
QUERIES = 10 + READ_BY_STAFF
FORM = {"urgency": "urgent", "question": "Palpitations", "confidentiality": "normal"}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def visit(doctor):
    return patient_of(doctor).appointments.get()


def page(visit) -> str:
    return f"/admin/lab/order/{visit.reference}/"


def test_panels_and_tests_are_ordered_together(client, doctor, visit):
    client.force_login(doctor.user)

    client.post(page(visit), FORM | {"panels": ["lytes"], "tests": ["tsh", "ecg"]})
    shown = client.get(page(visit))

    found = LabOrder.objects.order_by("test__position").values_list("test__code", "panel__code", "urgency")
    assert list(found) == [
        ("na", "lytes", "urgent"),
        ("k", "lytes", "urgent"),
        ("cl", "lytes", "urgent"),
        ("hco3", "lytes", "urgent"),
        ("tsh", None, "urgent"),
        ("ecg", None, "urgent"),
    ]
    assert "6 tests are ordered." in text(shown)
    assert "Thyroid-stimulating hormone Ordered" in text(shown)


def test_what_was_ticked_stays_when_the_form_is_refused(client, doctor, visit):
    client.force_login(doctor.user)

    nothing = client.post(page(visit), FORM)
    too_long = client.post(page(visit), FORM | {"tests": ["tsh"], "question": "x" * 301})

    assert "Choose at least one test that can be ordered." in text(nothing)
    assert 'value="tsh" checked' in too_long.text
    assert LabOrder.objects.count() == 0


def test_only_the_patients_doctors_can_order(client, doctor, visit):
    for user, status in ((doctor_at_work().user, 404), (technician(), 403), (staff("receptionist"), 403)):
        client.force_login(user)
        assert client.get(page(visit)).status_code == status
        assert client.post(page(visit), FORM | {"tests": ["tsh"]}).status_code == status

    assert LabOrder.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    count, client, doctor, visit, django_assert_num_queries
):
    client.force_login(doctor.user)
    ordered(doctor, *("hb", "k", "tsh")[:count], patient=visit.patient)
    client.get(page(visit))

    with django_assert_num_queries(QUERIES):
        response = client.get(page(visit))

    assert len(response.context["orders"]) == count
