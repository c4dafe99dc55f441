"""The day of the visit: tokens, consultation, and no-shows."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.exceptions import NotToday, NotYet
from scheduling.models import Appointment
from scheduling.services import (
    book_appointment,
    check_in,
    complete_consultation,
    mark_missed,
    mark_no_show,
    start_consultation,
)
from scheduling.statuses import AppointmentStatus
from tests.factories import (
    DoctorFactory,
    PatientFactory,
    UserFactory,
    at,
    carer_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]


@pytest.mark.feature("S12")
def test_checking_in_gives_the_doctors_tokens_in_order(doctor):
    first, second = (
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(hour), by=SYSTEM)
        for hour in (9, 10)
    )

    with time_machine.travel(at(8, 50)):
        tokens = [check_in(appointment=row, by=SYSTEM).token for row in (second, first, second)]

    assert tokens == [1, 2, 1]


@pytest.mark.feature("S12")
def test_checking_in_is_refused_on_another_day(booked):
    with pytest.raises(NotToday):
        check_in(appointment=booked, by=SYSTEM)


@pytest.mark.feature("S12")
def test_a_visit_of_yesterday_is_entered_afterwards_and_one_of_last_week_is_not(booked):
    yesterday = booked.starts_at + timedelta(days=1)

    with time_machine.travel(yesterday, tick=False):
        arrived = check_in(appointment=booked, by=SYSTEM)
    other = Appointment.objects.create(
        patient=PatientFactory(), doctor=booked.doctor, branch=booked.branch, status="booked",
        starts_at=booked.starts_at, ends_at=booked.ends_at, source="desk",
    )  # fmt: skip

    assert (arrived.status, arrived.token_on) == ("arrived", timezone.localdate(booked.starts_at))
    with time_machine.travel(booked.starts_at + timedelta(days=7, minutes=1)), pytest.raises(NotToday):
        check_in(appointment=other, by=SYSTEM)


@pytest.mark.feature("S12")
def test_no_shows_are_marked_some_hours_later_and_nobody_else(booked, doctor):
    came = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)
    with time_machine.travel(at(10)):
        check_in(appointment=came, by=SYSTEM)

    counts = []
    for moment in (booked.ends_at + timedelta(hours=11, minutes=59), booked.ends_at + timedelta(hours=12)):
        with time_machine.travel(moment, tick=False):
            counts.append(mark_missed())

    booked.refresh_from_db()
    came.refresh_from_db()
    assert (counts, booked.status, came.status) == ([0, 1], "no_show", "arrived")


@pytest.mark.feature("S12")
def test_a_visit_is_past_when_its_status_is(booked, doctor):
    came = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)
    with time_machine.travel(at(10)):
        check_in(appointment=came, by=SYSTEM)

    found = {}
    for label, moment in {"soon after": at(11), "next day": at(11, days=2)}.items():
        with time_machine.travel(moment, tick=False):
            found[label] = (
                set(Appointment.objects.current()),
                set(Appointment.objects.past()),
                {row for row in Appointment.objects.all() if row.is_current},
            )

    assert found == {
        "soon after": ({booked, came}, set(), {booked, came}),
        "next day": ({came}, {booked}, {came}),
    }


@pytest.mark.feature("S12")
def test_a_visit_goes_from_arrival_to_its_end(booked, doctor):
    doctor.user = UserFactory(is_staff=True, is_superuser=True)
    doctor.save()

    with time_machine.travel(at(9), tick=False):
        check_in(appointment=booked, by=SYSTEM)
        start_consultation(appointment=booked, by=doctor.user)
        done = complete_consultation(appointment=booked, by=doctor.user)

    assert done.status == AppointmentStatus.COMPLETED
    assert (done.arrived_at, done.started_at, done.ended_at) == (booked.starts_at,) * 3


@pytest.mark.feature("S12")
def test_only_the_appointments_doctor_starts_and_completes(booked, doctor):
    other = DoctorFactory(user=UserFactory(is_staff=True, is_superuser=True))

    with time_machine.travel(at(9), tick=False):
        check_in(appointment=booked, by=SYSTEM)
        with pytest.raises(NotAllowed):
            start_consultation(appointment=booked, by=other.user)


@pytest.mark.feature("S12")
def test_a_no_show_is_refused_before_the_time_has_begun(booked):
    with pytest.raises(NotYet):
        mark_no_show(appointment=booked, by=SYSTEM)


@pytest.mark.feature("S12")
def test_a_no_show_who_arrives_late_gets_an_additional_seat(booked, doctor):
    with time_machine.travel(at(9, 10)):
        mark_no_show(appointment=booked, by=SYSTEM)
        walk_in = book_appointment(
            patient=PatientFactory(), doctor=doctor, starts_at=booked.starts_at, by=SYSTEM
        )
        late = check_in(appointment=booked, by=SYSTEM)

    assert (walk_in.seat, late.seat, late.status) == (0, 1, AppointmentStatus.ARRIVED)
    assert late.claims.count() == 6


@pytest.mark.parametrize("attempt", [mark_no_show, start_consultation])
def test_an_anonymous_person_is_not_mistaken_for_a_doctor_without_login(booked, attempt):
    assert booked.doctor.user is None

    with time_machine.travel(at(9), tick=False), pytest.raises(NotAllowed):
        attempt(appointment=booked, by=AnonymousUser())


def test_check_in_and_no_show_need_the_desks_right(booked):
    carer = carer_of(booked.patient)
    with time_machine.travel(at(9), tick=False):
        for attempt in (check_in, mark_no_show, start_consultation, complete_consultation):
            with pytest.raises(NotAllowed):
                attempt(appointment=booked, by=carer)
