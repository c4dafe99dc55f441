"""Checking in oneself with reference and date of birth, at a kiosk or on a phone."""

from datetime import date

import pytest

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.exceptions import NothingToCheckIn
from scheduling.models import Appointment
from scheduling.queues.links import page_of
from scheduling.services import check_in_oneself, start_consultation
from tests.factories import PatientFactory, UserFactory, carer_of, doctor_with_hours, staff
from tests.scheduling.admin_day import change_page, visit
from tests.scheduling.pages import error_summary, links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S25")]
BORN = date(1984, 3, 15)
NOTHING = NothingToCheckIn.text


def typed(reference: str, born: date = BORN) -> dict:
    parts = zip(("day", "month", "year"), (born.day, born.month, born.year), strict=True)
    return {"reference": reference, **{f"date_of_birth_{part}": value for part, value in parts}}


def test_whoever_knows_both_is_checked_in_and_gets_the_slip_and_again_changes_nothing(client, doctor):
    visit(doctor, 9)
    own = visit(doctor, 10)

    answers = [
        client.post("/check-in/", typed(f" {own.reference[:5].lower()} {own.reference[5:]}")) for _ in "ab"
    ]

    own.refresh_from_db()
    assert [answer.url for answer in answers] == [f"{page_of(own)}slip/"] * 2
    assert (own.status, own.token) == ("arrived", 1)
    assert client.post("/check-in/?kiosk", typed(own.reference)).url == f"{page_of(own)}slip/?kiosk"


def test_somebody_inside_gets_the_same_slip_again(doctor):
    own = visit(doctor, 9)
    check_in_oneself(reference=own.reference, date_of_birth=BORN, by=SYSTEM)
    start_consultation(appointment=own, by=SYSTEM)

    again = check_in_oneself(reference=own.reference, date_of_birth=BORN, by=SYSTEM)

    assert (again.status, again.token) == ("in_consultation", 1)


def test_everything_else_gets_one_answer_and_changes_nothing(client, doctor):
    own, tomorrow = visit(doctor, 9), visit(doctor, 9, days=1)
    video = doctor_with_hours()
    video.schedules.update(mode="video")
    by_video, cancelled = visit(video, 9), visit(doctor, 10)
    Appointment.objects.filter(pk=cancelled.pk).update(status="cancelled", ended_at=cancelled.starts_at)
    other = visit(doctor, 11, patient=PatientFactory(date_of_birth=date(1990, 1, 2)))
    tries = [
        typed(own.reference, date(1984, 3, 16)),
        typed(other.reference),
        typed("ZZZZZZZZZZ"),
        *(typed(row.reference) for row in (tomorrow, by_video, cancelled)),
    ]

    answers = [client.post("/check-in/", each) for each in tries]

    assert {(answer.status_code, *error_summary(answer)) for answer in answers} == {(409, str(NOTHING))}
    assert not Appointment.objects.filter(status="arrived").exists()


def test_a_reference_can_be_tried_so_often_a_day_even_when_the_next_date_is_right(settings, doctor):
    settings.CHECK_IN = settings.CHECK_IN | {"tries_a_day": 3}
    own, other = visit(doctor, 9), visit(doctor, 10)
    for day in (1, 2, 3):
        with pytest.raises(NothingToCheckIn):
            check_in_oneself(reference=own.reference, date_of_birth=date(1984, 1, day), by=SYSTEM)

    with pytest.raises(NothingToCheckIn):
        check_in_oneself(reference=own.reference, date_of_birth=BORN, by=SYSTEM)

    assert check_in_oneself(reference=other.reference, date_of_birth=BORN, by=SYSTEM).token == 1


def test_a_network_has_so_many_tries_a_minute(client, settings, doctor):
    settings.CHECK_IN = settings.CHECK_IN | {"tries_a_minute": 2}
    own = visit(doctor, 9)

    statuses = [client.post("/check-in/", typed("ZZZZZZZZZZ")).status_code for _try in range(2)]
    refused = client.post("/check-in/", typed(own.reference))

    assert (statuses, refused.status_code, refused["Retry-After"]) == ([409, 409], 429, "60")


def test_the_log_says_that_nobody_with_a_login_did_it_and_from_where(client, doctor):
    own = visit(doctor, 9)

    client.post("/check-in/", typed(own.reference))

    entry = AuditEvent.objects.filter(patient_id=own.patient_id, model="scheduling.appointment").latest("pk")
    assert (entry.actor_id, entry.address, entry.origin) == (None, "127.0.0.1", "POST /check-in/")


def test_a_login_of_a_patient_may_not_call_the_service(doctor):
    own = visit(doctor, 9)

    with pytest.raises(NotAllowed):
        check_in_oneself(reference=own.reference, date_of_birth=BORN, by=carer_of(own.patient))


def test_staff_print_the_code_for_the_wall_and_patients_do_not(client_of):
    answers = [client_of(login).get("/check-in/poster/") for login in (staff("receptionist"), UserFactory())]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert "http://testserver/check-in/" in answers[0].text


def test_the_page_of_a_branch_leads_to_its_screen_and_to_the_kiosk(client, administrator, doctor):
    branch = doctor.schedules.first().branch

    shown = links(client.get(change_page(branch)))

    assert {f"/queue/{branch.code}/", "/check-in/?kiosk", "/check-in/poster/"} <= set(shown)
