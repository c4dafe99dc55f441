"""Reminders: once for each lead, of the visit as it is, also on days of 23 and 25 hours."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Patient
from hms.notifications.models import Notification, VisitEvent
from hms.notifications.quiet import after_quiet
from hms.notifications.sending import send_due
from hms.notifications.services import note_reminders, write_messages
from scheduling.models import Department
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    reschedule_appointment,
)
from tests.factories import PatientFactory, at, doctor_with_hours, staff
from tests.notifications.visits import reminded
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N02")]


@pytest.fixture(autouse=True)
def clock():
    """Monday 8 June 2026, noon in the hospital."""
    with time_machine.travel(datetime(2026, 6, 8, 10, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def desk():
    return staff("receptionist")


@pytest.fixture
def visit(desk):
    """On Thursday at eleven, booked on Monday."""
    patient = PatientFactory(full_name="Sunita Deshpande", email="sunita@example.org")
    doctor = doctor_with_hours(full_name="Dr Asha Rao", ends_at=time(17))
    return book_appointment(patient=patient, doctor=doctor, starts_at=at(11, days=3), by=desk)


def before(visit, **ago) -> datetime:
    return visit.starts_at - timedelta(**ago)


def test_people_are_reminded_a_day_and_an_hour_before_once_each(clock, visit):
    counts = []
    for ago in (
        {"hours": 25},
        {"hours": 24},
        {"hours": 23},
        {"minutes": 61},
        {"minutes": 60},
        {"minutes": 1},
    ):
        clock.move_to(before(visit, **ago))
        counts.append(len(reminded()))
        counts.append(len(reminded()))
    clock.move_to(visit.starts_at)

    assert counts == [0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]
    assert len(reminded()) == 2


@pytest.mark.parametrize("hours", [168, 48, 2])
def test_the_hospital_chooses_when(settings, clock, visit, hours, desk):
    settings.NOTIFICATIONS = settings.NOTIFICATIONS | {"reminder_hours": [hours]}
    later = book_appointment(patient=PatientFactory(email="b@example.org"), doctor=visit.doctor,
                             starts_at=at(11, days=17), by=desk)  # fmt: skip

    clock.move_to(before(later, hours=hours, minutes=1))
    early = len([body for body in reminded() if later.reference in body])
    clock.move_to(before(later, hours=hours))

    assert (early, len([body for body in reminded() if later.reference in body])) == (0, 1)


def test_a_reminder_tells_of_the_visit_as_it_is_when_it_is_due(clock, visit, desk):
    other = doctor_with_hours(full_name="Dr Meera Nair")
    reschedule_appointment(appointment=visit, starts_at=at(10, days=4), doctor=other, by=desk)
    clock.move_to(before(visit, hours=24))  # of the old time
    early = reminded()
    visit.refresh_from_db()
    clock.move_to(before(visit, hours=24))

    (body,) = reminded()
    assert (early, body.splitlines()[2:4]) == ([], ["Friday 12 June 2026, 10:00 AM", "Dr Meera Nair"])


def test_a_visit_that_is_moved_after_its_reminder_gets_one_of_the_new_time(clock, visit, desk):
    clock.move_to(before(visit, hours=23))
    first = reminded()
    reschedule_appointment(appointment=visit, starts_at=at(11, days=7), by=desk)
    visit.refresh_from_db()
    clock.move_to(before(visit, hours=24))

    assert (len(first), len(reminded())) == (1, 2)


@pytest.mark.parametrize("when", ["before", "written", "queued"])
def test_a_cancelled_visit_is_not_reminded_of_however_late_it_is_cancelled(clock, visit, desk, when):
    clock.move_to(before(visit, hours=24))
    if when != "before":
        note_reminders()
    if when == "queued":
        write_messages()
    cancel_appointment(appointment=visit, by=desk)
    note_reminders()
    write_messages()
    send_due()

    statuses = Notification.objects.filter(kind="reminder", channel="email").values_list("status", flat=True)
    assert list(statuses) == (["outdated"] if when == "queued" else [])


def test_nobody_is_reminded_of_what_was_booked_or_moved_later_than_that(clock, visit, desk):
    clock.move_to(before(visit, hours=20))
    reschedule_appointment(appointment=visit, starts_at=visit.starts_at + timedelta(hours=1), by=desk)
    patient = PatientFactory(email="late@example.org")
    book_appointment(patient=patient, doctor=visit.doctor, starts_at=visit.starts_at, by=desk)

    counts = [len(reminded())]
    for ago in (2, 1):  # the moved visit is an hour later than the other one
        visit.refresh_from_db()
        clock.move_to(before(visit, hours=ago))
        counts.append(len(reminded()))
    assert counts == [0, 1, 2]


def test_only_the_shorter_of_two_reminders_is_sent_after_the_worker_was_down(clock, visit):
    clock.move_to(before(visit, minutes=50))

    assert len(reminded()) == 1


def test_a_late_worker_still_reminds_and_never_after_the_beginning(clock, visit):
    clock.move_to(before(visit, hours=2))
    late = len(reminded())
    clock.move_to(visit.starts_at)

    assert (late, len(reminded())) == (1, 1)


def test_reminders_wait_for_the_end_of_quiet_hours_and_look_again_then(clock, desk):
    night = doctor_with_hours(starts_at=time(22), ends_at=time(23))
    Department.objects.update(opens_at=time(7), closes_at=time(23, 30))
    rows = [PatientFactory(email=f"{name}@example.org") for name in ("stays", "cancels")]
    visits = [
        book_appointment(patient=patient, doctor=night, starts_at=at(22, 30 * n, days=3), by=desk)
        for n, patient in enumerate(rows)
    ]
    clock.move_to(at(22, 30, days=2))
    in_the_night = reminded()
    clock.move_to(at(7, 59, days=1))
    cancel_appointment(appointment=visits[1], by=desk)
    before_eight = reminded()
    clock.move_to(at(8, 0, days=0))

    (body,) = reminded()
    assert (in_the_night, before_eight, visits[0].reference in body) == ([], [], True)


def test_a_reminder_that_cannot_wait_is_sent_in_the_quiet_hours(clock, desk):
    early = doctor_with_hours(starts_at=time(7))
    Department.objects.update(opens_at=time(7))
    patient = PatientFactory(email="early@example.org")
    visit = book_appointment(patient=patient, doctor=early, starts_at=at(7, 30, days=3), by=desk)
    clock.move_to(before(visit, hours=1))

    assert len(reminded()) == 1


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-06-10 20:59", "2026-06-10 20:59"),
        ("2026-06-10 21:00", "2026-06-11 08:00"),
        ("2026-06-11 07:59", "2026-06-11 08:00"),
        ("2026-06-11 08:00", "2026-06-11 08:00"),
        ("2026-03-28 23:00", "2026-03-29 08:00"),  # the night of 23 hours
        ("2026-10-25 01:00", "2026-10-25 08:00"),  # the night of 25 hours
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(now, then):
    moment, expected = (timezone.make_aware(datetime.fromisoformat(text)) for text in (now, then))

    assert after_quiet(moment) == expected


@pytest.mark.parametrize(("night", "on"), [("short", "2026-03-29"), ("long", "2026-10-25")])
def test_a_reminder_over_the_change_of_clocks_tells_the_time_on_the_wall(clock, desk, night, on):
    """Sunday at noon: 24 hours before is Saturday 11:00 before the short night, 13:00 before the long one."""
    starts_at = timezone.make_aware(datetime.fromisoformat(f"{on} 12:00"))
    clock.move_to(starts_at - timedelta(days=3))
    doctor = doctor_with_hours(ends_at=time(17))
    patient = PatientFactory(email="sunita@example.org")
    book_appointment(patient=patient, doctor=doctor, starts_at=starts_at, by=desk)
    saturday = timezone.make_aware(datetime.fromisoformat(f"{on} 12:00") - timedelta(days=1))
    due = saturday + timedelta(hours={"short": -1, "long": 1}[night])

    clock.move_to(due - timedelta(minutes=1))
    early = reminded()
    clock.move_to(due)
    (body,) = reminded()

    assert early == []
    assert "Sunday" in body.splitlines()[2]
    assert body.splitlines()[2].endswith("2026, 12:00 PM")


def test_one_visit_has_one_reminder_whatever_the_channel_and_nobody_to_tell_is_no_trouble(clock, visit):
    Patient.objects.update(wants_email=False, wants_sms=False)
    clock.move_to(before(visit, hours=24))

    assert (reminded(), VisitEvent.objects.filter(kind="reminder").count()) == ([], 1)
    assert note_reminders() == 0


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_workers_remind_once():
    desk = staff("receptionist")
    with time_machine.travel(datetime(2026, 6, 8, 10, tzinfo=UTC)):
        doctor = doctor_with_hours()
        for minute in range(0, 180, 30):
            patient = PatientFactory(email=f"p{minute}@example.org", wants_sms=False)
            when = at(9, days=3) + timedelta(minutes=minute)
            book_appointment(patient=patient, doctor=doctor, starts_at=when, by=desk)
        due = at(11, 30, days=2)
    with time_machine.travel(due):

        def work() -> str:
            note_reminders()
            write_messages()
            return "done"

        ends = race(*[work] * 6)
        rows = Notification.objects.filter(kind="reminder")

        assert ends == {"done": 6}
        assert (rows.count(), rows.values("recipient").distinct().count()) == (6, 6)
