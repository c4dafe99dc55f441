"""Visits by video: a room that nobody can guess, shown to both sides when the time comes, after consent."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.exceptions import VideoNotOpen
from scheduling.services import cancel_appointment, join_video, mark_no_show, reschedule_appointment
from scheduling.video import room_address
from tests.factories import PatientFactory, at, carer_of
from tests.opened import send
from tests.scheduling.admin_day import doctor_with_login, visit
from tests.scheduling.pages import error_summary, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S16")]
YES = {"is_there": "on", "consents": "on"}


@pytest.fixture
def doctor():
    doctor = doctor_with_login(full_name="Dr Asha Rao")
    doctor.schedules.update(mode="video")
    return doctor


@pytest.fixture
def call(doctor, patient):
    """At ten; the clock shows 9:20."""
    return visit(doctor, 10, patient=patient)


def page_of(row) -> str:
    return f"/me/appointments/{row.reference}/video/"


def rooms_in(answer) -> list[str]:
    return re.findall(r'href="(https://meet\.jit\.si/[^"]+)"', answer.text)


def test_the_room_opens_ten_minutes_before_and_after_consent_and_the_patient_has_then_arrived(
    client, wednesday_morning, call, carer
):
    early = client.get(page_of(call))
    wednesday_morning.move_to(call.starts_at - timedelta(minutes=10))
    asked = client.get(page_of(call))
    send(client, page_of(call), YES)
    joined = client.get(page_of(call))

    call.refresh_from_db()
    assert "The call opens on Wednesday 10 June at 9:50 AM." in text(early)
    assert [rooms_in(page) for page in (early, asked, joined)] == [[], [], [room_address(call)]]
    assert (call.status, call.video_consent_by) == ("arrived", carer)
    assert call.video_consent_at == call.starts_at - timedelta(minutes=10)


def test_without_consent_or_somebody_there_nobody_comes_in(client, wednesday_morning, call, carer):
    wednesday_morning.move_to(call.starts_at)

    answer = send(client, page_of(call), {})

    call.refresh_from_db()
    assert [said.partition(".: ")[2] for said in error_summary(answer)] == [
        "Confirm that the patient takes part in the call.",
        "Confirm your consent, or call us for a visit in person.",
    ]
    assert (call.status, call.video_consent_at) == ("booked", None)


def test_a_child_is_joined_by_an_adult(client, wednesday_morning, doctor):
    child = PatientFactory(full_name="Aarav Rao", date_of_birth=date(2019, 3, 1))
    call = visit(doctor, 10, patient=child)
    client.force_login(carer_of(child, relation="child"))
    wednesday_morning.move_to(call.starts_at)

    answer = client.get(page_of(call))

    assert "Aarav Rao, born on 1 March 2019, takes part in the call with an adult of the family" in text(
        answer
    )


def test_the_service_refuses_other_times_other_visits_and_other_people(doctor, patient, carer, call):
    in_person = visit(doctor_with_login(), 10, minute=30, patient=patient)

    with pytest.raises(VideoNotOpen):
        join_video(appointment=call, by=carer)
    with time_machine.travel(call.starts_at):
        with pytest.raises(VideoNotOpen):
            join_video(appointment=in_person, by=carer)
        with pytest.raises(NotAllowed):
            join_video(appointment=call, by=carer_of(PatientFactory()))
        first, again = join_video(appointment=call, by=carer), join_video(appointment=call, by=carer)
    with time_machine.travel(call.ends_at + timedelta(minutes=61)), pytest.raises(VideoNotOpen):
        join_video(appointment=call, by=carer)

    assert (first.token, again.token, first.video_consent_at) == (1, 1, again.video_consent_at)


def test_no_room_can_be_guessed_and_a_moved_visit_has_another(settings, doctor, call):
    other = visit(doctor, 11)
    before = room_address(call)
    moved = reschedule_appointment(appointment=call, starts_at=at(9, days=1), by=SYSTEM)

    rooms = {before, room_address(moved), room_address(other)}

    assert len(rooms) == 3
    assert all(re.fullmatch(r"https://meet\.jit\.si/visit-[0-9a-f]{40}", room) for room in rooms)
    assert call.reference not in before
    settings.VIDEO = settings.VIDEO | {"address": "https://video.hospital.example"}
    assert room_address(other).startswith("https://video.hospital.example/visit-")


def test_the_doctor_sees_the_room_the_consent_and_whom_to_expect(
    client, wednesday_morning, doctor, call, carer
):
    client.force_login(doctor.user)
    page = reverse("admin:consultation", args=[call.reference])
    early = client.get(page)
    wednesday_morning.move_to(call.starts_at)
    before = client.get(page)
    join_video(appointment=call, by=carer)

    after = client.get(page)

    assert [rooms_in(answer) for answer in (early, before, after)] == [
        [],
        [room_address(call)],
        [room_address(call)],
    ]
    assert "No consent to a consultation by video yet" in text(before)
    assert "consented to a consultation by video on 10 Jun, 10:00 AM." in text(after)
    assert "ask the patient for name and age: Sunita Deshpande, 42 years" in text(after)


@pytest.mark.parametrize("end", [cancel_appointment, mark_no_show])
def test_an_ended_visit_has_no_call(client, wednesday_morning, call, carer, end):
    wednesday_morning.move_to(call.starts_at)
    end(appointment=call, by=SYSTEM)

    assert client.get(page_of(call)).status_code == 404
