"""A page that refreshes itself logs one access, not one for each refresh."""

import pytest

from audit.models import Action, AuditEvent, AuditSubject
from tests.factories import staff
from tests.scheduling.admin_day import doctor_with_login, visit

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U03"), pytest.mark.usefixtures("wednesday_morning")]

BOARD = "/admin/day-board/"
POLL = {"HX-Request": "true"}


@pytest.fixture
def doctor(client):
    client.force_login(staff("receptionist"))
    return doctor_with_login()


def reads() -> list[list[int]]:
    """The patients of each log entry, in order."""
    events = AuditEvent.objects.filter(action=Action.READ).order_by("pk")
    return [event.details["patients"] for event in events]


def test_refreshing_leaves_no_second_line(client, doctor):
    first = visit(doctor, 11)

    client.get(BOARD)
    for _n in range(3):
        client.get(BOARD, headers=POLL)

    assert reads() == [[first.patient_id]]


def test_a_patient_new_on_the_page_is_logged_at_once(client, doctor):
    first = visit(doctor, 11)
    client.get(BOARD)
    second = visit(doctor, 11, 30)

    for _n in range(3):
        client.get(BOARD, headers=POLL)

    assert reads() == [[first.patient_id], [second.patient_id]]
    assert AuditSubject.objects.count() == 2


def test_loading_the_page_again_is_another_access(client, doctor):
    first = visit(doctor, 11)

    client.get(BOARD)
    client.get(BOARD)

    assert reads() == [[first.patient_id], [first.patient_id]]


def test_another_persons_access_is_logged_separately(client, doctor):
    first = visit(doctor, 11)
    client.get(BOARD)
    client.force_login(staff("receptionist"))

    client.get(BOARD, headers=POLL)

    assert reads() == [[first.patient_id], [first.patient_id]]


def test_a_page_that_stays_open_is_logged_every_quarter_of_an_hour(client, doctor, monkeypatch):
    first = visit(doctor, 11)
    monkeypatch.setattr("audit.capture.requests.SAME_ACCESS_S", -1)

    client.get(BOARD)
    client.get(BOARD, headers=POLL)

    assert reads() == [[first.patient_id], [first.patient_id]]


def test_no_request_header_stops_the_logging_of_other_pages(client, doctor):
    patient = visit(doctor, 11).patient

    for _n in range(2):
        client.get(f"/admin/scheduling/appointment/?q={patient.mrn}", headers=POLL)

    searches = AuditEvent.objects.filter(action=Action.SEARCH)
    assert [event.patient_id for event in searches] == [patient.pk, patient.pk]
