"""Pages ask whether the patient has seen the doctor before, where it decides how long the visit is."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import book_appointment, cancel_appointment, hold_slot
from scheduling.statuses import VisitKind
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.opened import boxes_of
from tests.scheduling.admin_day import page
from tests.scheduling.offers import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S31")]

FIRST, FOLLOW_UP = VisitKind.FIRST, VisitKind.FOLLOW_UP


def new_doctor():
    return doctor_with_hours(time(9), time(11), first_visit_slots=2)


def book(doctor, hour, minute=0, kind="", patient=None) -> Appointment:
    patient, starts_at = patient or PatientFactory(), at(hour, minute)
    return book_appointment(patient=patient, doctor=doctor, starts_at=starts_at, visit_kind=kind, by=SYSTEM)


TEN = "20261123T0900Z"


@pytest.mark.usefixtures("sunday_evening")
def test_the_doctors_page_asks_and_shows_the_times_of_the_answer(client):
    doctor = new_doctor()
    book(doctor, 10, kind=FOLLOW_UP)

    unasked = client.get(f"/doctors/{doctor.reference}/?day={MONDAY}")
    answered = client.get(f"/doctors/{doctor.reference}/?day={MONDAY}&kind=follow_up")
    fragment = client.get(f"/doctors/{doctor.reference}/times/?day={MONDAY}&kind=follow_up")

    assert [(kind["page"], kind["is_chosen"]) for kind in unasked.context["kinds"]] == [
        ("?kind=first", True),
        ("?kind=follow_up", False),
    ]
    assert unasked.content.decode().count('class="slot"') == 1
    assert [each.content.decode().count('class="slot"') for each in (answered, fragment)] == [3, 3]
    assert f"/book/{doctor.reference}/?kind=follow_up&amp;at=" in fragment.content.decode()


@pytest.mark.usefixtures("sunday_evening")
def test_the_answer_decides_the_hold_and_a_changed_answer_replaces_it(client):
    doctor, patient = new_doctor(), PatientFactory()
    client.force_login(carer_of(patient))
    start = f"/book/{doctor.reference}/?at={TEN}&kind=follow_up"

    shown = client.get(start)
    client.post(start, boxes_of(shown) | {"patient": patient.reference, "visit_kind": "follow_up"})
    held = Appointment.objects.get()
    again = client.get(start)
    client.post(start, boxes_of(again) | {"patient": patient.reference, "visit_kind": "first"})
    instead = Appointment.objects.exclude(pk=held.pk).get()

    held.refresh_from_db()
    assert shown.context["form"].initial["visit_kind"] == "follow_up"
    assert (held.visit_kind, held.minutes, held.status) == (FOLLOW_UP, 30, "cancelled")
    assert (instead.visit_kind, instead.minutes, instead.status) == (FIRST, 60, "held")


@pytest.mark.usefixtures("sunday_evening")
def test_a_time_too_short_for_the_answer_is_explained_and_offers_others(client):
    doctor, patient = new_doctor(), PatientFactory()
    book(doctor, 10, 30, kind=FOLLOW_UP)
    client.force_login(carer_of(patient))
    start = f"/book/{doctor.reference}/?at={TEN}&kind=follow_up"

    answers = boxes_of(client.get(start)) | {"patient": patient.reference, "visit_kind": "first"}
    response = client.post(start, answers)

    assert response.status_code == 409
    assert "The next appointment begins too soon for a first visit." in response.content.decode()
    assert [offer["url"].endswith("kind=first") for offer in response.context["alternatives"]] == [True] * 3
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("sunday_evening")
def test_doctors_who_keep_one_length_ask_nothing(client):
    doctor, patient = doctor_with_hours(), PatientFactory()
    client.force_login(carer_of(patient))

    shown = client.get(f"/doctors/{doctor.reference}/?kind=follow_up")
    start = client.get(f"/book/{doctor.reference}/?at={TEN}&kind=follow_up")

    assert shown.context["kinds"] == []
    assert "kind=" not in shown.content.decode()
    assert "visit_kind" not in start.context["form"].fields


@pytest.mark.usefixtures("wednesday_morning")
def test_the_desk_is_shown_the_kind_that_the_record_suggests(client):
    doctor, patient = doctor_with_hours(first_visit_slots=2), PatientFactory()
    known = book(doctor, 9)
    Appointment.objects.filter(pk=known.pk).update(status="completed")
    client.force_login(staff("receptionist"))
    add, day = page("scheduling_appointment_add"), f"{at(9):%Y-%m-%d}"
    kinds = []

    for who in (patient, known.patient):
        address = f"{add}?patient={who.reference}&doctor={doctor.reference}&day={day}"
        kinds.append(client.get(address).context["kind"])
    client.post(address, boxes_of(client.get(address)) | {"time": at(10).isoformat(), "source": "desk"})

    booked = Appointment.objects.latest("pk")
    assert kinds == [FIRST, FOLLOW_UP]
    assert (booked.visit_kind, booked.minutes) == (FOLLOW_UP, 30)


@pytest.mark.usefixtures("sunday_evening")
def test_the_pages_of_a_move_offer_a_part_of_the_visits_own_time(client):
    doctor, patient = doctor_with_hours(time(9), time(12), first_visit_slots=2), PatientFactory()
    visit = book(doctor, 10, patient=patient)
    client.force_login(carer_of(patient))
    mine = f"/me/appointments/{visit.reference}/reschedule/"

    times = client.get(mine, {"day": MONDAY}).content.decode()
    now = client.get(mine, {"at": TEN})
    client.post(mine, boxes_of(client.get(mine, {"at": "20261123T0930Z"})))

    visit.refresh_from_db()
    assert times.count('class="slot"') == 4
    assert "The appointment is at this time now." in now.content.decode()
    assert (visit.starts_at, visit.minutes) == (at(10, 30), 60)


@pytest.mark.usefixtures("sunday_evening")
def test_the_desk_corrects_the_kind_on_the_page_of_a_move(client):
    doctor = doctor_with_hours(time(9), time(12), first_visit_slots=2)
    visit = book(doctor, 10, kind=FOLLOW_UP)
    client.force_login(staff("receptionist"))
    address = page("scheduling_appointment_reschedule", visit.pk)

    same, other = (client.get(address, {"kind": kind}).context["times"].free for kind in (FOLLOW_UP, FIRST))
    opened = boxes_of(client.get(f"{address}?kind=first"))
    pressed = [client.post(address, opened | {"time": at(10).isoformat()}).status_code for _n in range(2)]

    visit.refresh_from_db()
    assert [choice.time.starts_at for choice in same].count(at(10)) == 0
    assert [choice.time.starts_at for choice in other] == [at(9), at(9, 30), at(10), at(10, 30), at(11)]
    assert pressed == [302, 302]
    assert (visit.visit_kind, visit.minutes, visit.claims.count()) == (FIRST, 60, 12)


@pytest.mark.usefixtures("sunday_evening")
def test_a_follow_up_that_the_record_does_not_know_is_told_before_the_booking_and_not_refused(client):
    doctor, patient, known = new_doctor(), PatientFactory(), PatientFactory()
    Appointment.objects.filter(pk=book(doctor, 9, patient=known).pk).update(status="completed")
    carer, said = carer_of(patient, known), []
    client.force_login(carer)

    for kind, who in ((FOLLOW_UP, patient), (FIRST, patient), (FOLLOW_UP, known)):
        visit = hold_slot(patient=who, doctor=doctor, starts_at=at(10), visit_kind=kind, by=carer)
        shown = client.get(visit.get_finish_url())
        said.append((shown.status_code, "Our records show no earlier visit" in shown.content.decode()))
        cancel_appointment(appointment=visit, by=carer)

    assert said == [(200, True), (200, False), (200, False)]
