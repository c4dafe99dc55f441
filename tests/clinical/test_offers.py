"""A page of the staff site offers a step of a visit exactly if its service would accept it."""

import pytest
from django.db import transaction

from clinical.admin.pages import PAGES
from clinical.services import (
    issue_certificate,
    open_encounter,
    order_tests,
    record_vitals,
    write_prescription,
)
from clinical.services.offers import OFFERS
from clinical.templatetags.visits import offered_to
from hms.core.refusals import Refusal
from scheduling.statuses import AppointmentStatus
from tests.clinical.lab_rows import a_test
from tests.clinical.rows import REFERRAL, completed_visit, doctor_at_work, visit_today
from tests.factories import NurseFactory, ScheduleExceptionFactory, at, staff
from tests.scheduling.pages import links, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C01")]
STARTED = (AppointmentStatus.IN_CONSULTATION, AppointmentStatus.COMPLETED)
SERVICES = {
    "consultation": lambda visit, by: open_encounter(appointment=visit, by=by),
    "vitals": lambda visit, by: record_vitals(patient=visit.patient, appointment=visit, pulse=72, by=by),
    "prescribe": lambda visit, by: write_prescription(appointment=visit, items=[], by=by),
    "order-tests": lambda visit, by: order_tests(appointment=visit, tests=[a_test("k")], by=by),
    "issue-certificate": lambda visit, by: issue_certificate(
        appointment=visit, **REFERRAL, identification_mark="", by=by
    ),
}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def people(doctor):
    """The doctor, who works with a nurse and is covered by a colleague, and another doctor."""
    nurse, covering = NurseFactory(user=staff("nurse")), doctor_at_work()
    nurse.doctors.add(doctor)
    ScheduleExceptionFactory(
        doctor=doctor, covered_by=covering, starts_at=at(0, days=-1), ends_at=at(0, days=9)
    )
    return [doctor.user, nurse.user, covering.user, doctor_at_work().user]


def visit_at(doctor, status, days):
    """A visit at the status; the patient was seen before, so that the record is open."""
    starts_at = at(12, days=days)
    fields = {"status": status, "starts_at": starts_at}
    if status == AppointmentStatus.HELD:
        fields["held_until"] = starts_at
    if status in STARTED:
        fields["started_at"] = starts_at
    return visit_today(doctor, completed_visit(doctor).patient, **fields)


def is_accepted(name, visit, by) -> bool:
    try:
        with transaction.atomic():
            SERVICES[name](visit, by)
            transaction.set_rollback(True)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("days", [-60, -2, 0, 1])
def test_what_is_offered_is_what_the_services_accept(doctor, people, days):
    visits = [visit_at(doctor, status, days) for status in AppointmentStatus]

    offered = {(visit.status, person.pk): offered_to(visit, person) for visit in visits for person in people}

    assert offered == {
        (visit.status, person.pk): {name for name in SERVICES if is_accepted(name, visit, person)}
        for visit in visits
        for person in people
    }


def test_every_offer_is_tried_and_has_a_page():
    assert SERVICES.keys() == OFFERS.keys()
    assert OFFERS.keys() <= {name for _route, _view, name in PAGES}


@pytest.mark.parametrize(
    ("status", "days", "said"),
    [
        ("cancelled", 0, "You cannot begin a record of this visit."),
        ("no_show", 0, "You cannot begin a record of this visit."),
        ("booked", 1, "The patient has not arrived yet."),
    ],
)
def test_a_visit_without_a_patient_offers_nothing_and_says_so(client, doctor, status, days, said):
    visit = visit_at(doctor, status, days)
    client.force_login(doctor.user)
    of_visit = {f"/admin/consultation/{visit.reference}/", f"/admin/vitals/{visit.reference}/"}

    shown = client.get(f"/admin/scheduling/appointment/{visit.pk}/change/")
    consultation, vitals = (client.get(page) for page in sorted(of_visit))

    assert not of_visit & set(links(shown))
    assert said in text(consultation)
    assert "Begin the consultation" not in text(consultation)
    assert vitals.status_code == 200
    assert 'name="pulse"' not in vitals.text
    refused = client.post(f"/admin/vitals/{visit.reference}/", {"pulse": "72", "idempotency_key": "k" * 32})
    assert "Nothing is measured at a visit that is cancelled or missed" in text(refused)


def test_a_visit_with_a_patient_offers_its_pages(client, doctor):
    visit = visit_at(doctor, "arrived", 0)
    client.force_login(doctor.user)

    shown = links(client.get(f"/admin/scheduling/appointment/{visit.pk}/change/"))

    assert {f"/admin/{name}/{visit.reference}/" for name in ("consultation", "vitals")} <= set(shown)
