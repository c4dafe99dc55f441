"""One's own place by a private link, the token slip, and the screen of the waiting room."""

from datetime import timedelta

import pytest
import time_machine
from django.core.signing import Signer

from hms.core.rights import SYSTEM
from scheduling.queues.links import page_of, token_of
from scheduling.queues.places import Stage, place_of
from scheduling.services import cancel_appointment, complete_consultation, start_consultation
from tests.factories import BranchFactory, PatientFactory, at, doctor_with_hours
from tests.scheduling.admin_day import visit
from tests.scheduling.pages import text
from tests.scheduling.queue_days import arrives, inside, took

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S21")]


def test_the_place_counts_those_with_lower_tokens_and_ends_with_the_call(doctor):
    first, second, third = arrives(doctor, 9), arrives(doctor, 10), arrives(doctor, 9, 30)

    before = [(place.stage, place.ahead) for place in map(place_of, (first, second, third))]
    called = start_consultation(appointment=first, by=SYSTEM)
    after = [(place.stage, place.ahead) for place in map(place_of, (called, second, third))]

    assert before == [(Stage.NEXT, 0), (Stage.WAITING, 1), (Stage.WAITING, 2)]
    assert after == [(Stage.INSIDE, 0), (Stage.NEXT, 0), (Stage.WAITING, 1)]
    assert place_of(complete_consultation(appointment=called, by=SYSTEM)).stage == Stage.OVER


def test_the_estimate_follows_the_doctors_recent_consultations_and_not_those_of_others():
    doctor = doctor_with_hours(capacity=9)
    took(doctor, *[20] * 10)
    took(doctor_with_hours(), *[60] * 10)
    inside(doctor, 9)  # at 9:20
    arrives(doctor, 9)

    place = place_of(arrives(doctor, 9))

    assert (place.earliest, place.latest) == (at(10, days=0), at(10, days=0))


def test_whoever_is_not_here_yet_is_called_later_if_all_come_who_are_booked_before(doctor):
    took(doctor, *[20] * 10)
    visit(doctor, 9)
    own = visit(doctor, 9, 30)
    arrives(doctor, 11)

    place = place_of(own)

    assert (place.stage, place.ahead) == (Stage.NOT_HERE, 1)
    # At least the patient with a token, perhaps not before eleven, and perhaps the one of nine.
    assert (place.earliest, place.latest) == (at(9, 40, days=0), at(11, 40, days=0))


def test_a_visit_of_another_day_or_an_ended_one_has_no_place(doctor):
    coming, ended = visit(doctor, 10, days=1), visit(doctor, 10)
    cancel_appointment(appointment=ended, by=SYSTEM)
    ended.refresh_from_db()

    assert [place_of(coming).stage, place_of(ended).stage] == [Stage.OTHER_DAY, Stage.OVER]
    with time_machine.travel(coming.starts_at + timedelta(days=1)):
        assert place_of(coming).stage == Stage.OVER


def test_the_page_of_a_link_names_token_and_doctor_and_no_patient(client, doctor):
    arrives(doctor, 9)
    own = visit(doctor, 9, 30, patient=PatientFactory(full_name="Sunita Deshpande", mrn="T777777"))

    answers = [client.get(page_of(own))]
    own = arrives(doctor, 10)
    answers.append(client.get(page_of(own)))

    assert "You are not checked in yet. 1 patient waits now." in text(answers[0])
    assert "Your token 2 1 patient is before you." in text(answers[1])
    for answer in answers:
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
        for hidden in ("Sunita", "T777777", own.patient.full_name):
            assert hidden not in answer.text


def test_a_link_cannot_be_guessed(client, doctor):
    own, other = arrives(doctor, 9), visit(doctor, 10)
    signature = token_of(own).partition(".")[2]
    guesses = [
        own.reference,
        f"{own.reference}.",
        f"{other.reference}.{signature}",
        f"{own.reference}.{'A' * 43}",
    ]
    guesses.append(Signer(salt="scheduling.queue", sep=".").sign("ZZZZZZZZZZ"))

    statuses = [client.get(f"/q/{guess}/{end}").status_code for guess in guesses for end in ("", "slip/")]

    assert statuses == [404] * 10
    assert client.get(page_of(own)).status_code == 200


def test_the_slip_has_the_token_and_the_address_of_the_place_and_is_there_from_the_check_in_on(
    client, doctor
):
    own = visit(doctor, 9)
    before = client.get(f"{page_of(own)}slip/")
    own = arrives(doctor, 9, 30)
    slip, kiosk = client.get(f"{page_of(own)}slip/"), client.get(f"{page_of(own)}slip/?kiosk")

    assert (before.status_code, slip.status_code) == (404, 200)
    assert "Your token 1" in text(slip)
    assert page_of(own) in slip.text
    assert ("Refresh" in slip, kiosk["Refresh"]) == (False, "45; url=/check-in/?kiosk")


def test_the_screen_shows_the_tokens_of_one_branch_by_doctor_with_the_room_and_nothing_personal(
    client, wednesday_morning
):
    north = doctor_with_hours(full_name="Dr Asha", capacity=9)
    branch = north.schedules.first().branch
    north.schedules.update(room="Room 4")
    inside(north, 9)
    for _patient in range(8):
        arrives(north, 9)
    south = doctor_with_hours(full_name="Dr Bimal")
    arrives(south, 9)
    wednesday_morning.shift(timedelta(minutes=25))

    answer = client.get(f"/queue/{branch.code}/")

    shown = text(answer)
    assert "Dr Asha" in shown
    assert "Room 4 Inside 1 Next 2 3 4 5 6 7 and 2 more About 25 minutes late" in shown
    assert "Dr Bimal" not in shown
    for own in north.appointments.all():
        assert own.reference not in answer.text
        assert own.patient.full_name not in answer.text


def test_a_branch_without_patients_says_so_and_a_closed_or_unknown_one_has_no_screen(client):
    branch, closed = BranchFactory(), BranchFactory(is_active=False)

    empty = client.get(f"/queue/{branch.code}/")

    assert "No patients are expected now." in text(empty)
    assert [client.get(f"/queue/{code}/").status_code for code in (closed.code, "nowhere")] == [404, 404]


@pytest.mark.parametrize("doctors", [1, 3])
def test_the_screen_costs_the_same_for_any_number_of_doctors(client, django_assert_num_queries, doctors):
    branch = BranchFactory()
    for _doctor in range(doctors):
        doctor = doctor_with_hours(capacity=3)
        doctor.schedules.update(branch=branch)
        arrives(doctor, 9)
        arrives(doctor, 9)

    with django_assert_num_queries(4):
        client.get(f"/queue/{branch.code}/")


def test_no_page_of_the_day_shows_a_visit_by_video(client, doctor):
    doctor.schedules.update(mode="video")
    own = arrives(doctor, 9)

    answer = client.get(f"/queue/{own.branch.code}/")

    assert "No patients are expected now." in text(answer)


def test_a_screen_can_show_one_department_alone(client, doctor):
    other = doctor_with_hours(full_name="Dr Bimal")
    other.schedules.update(branch=doctor.schedules.first().branch)
    row = arrives(doctor, 9)
    arrives(other, 9)

    answer = client.get(f"/queue/{row.branch.code}/?department={other.department.slug}")

    assert ["Dr Asha Rao" in text(answer), "Dr Bimal" in text(answer)] == [False, True]


@pytest.mark.parametrize("before", [1, 3])
def test_ones_own_place_costs_the_same_for_any_number_of_people(client, django_assert_num_queries, before):
    doctor = doctor_with_hours(capacity=5)
    for _patient in range(before):
        arrives(doctor, 9)
    own = arrives(doctor, 9)

    with django_assert_num_queries(9):
        client.get(page_of(own))
