"""Figures by e-mail: to whom, when, once each, and only numbers that the reader may see."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError
from django.utils import timezone

from hms.core.jobs import jobs
from hms.core.refusals import NotAllowed
from hms.notifications.models import Notification
from hms.notifications.sending import send_due
from hms.reports.checks import require_hour
from hms.reports.models import Figures, ReportSubscription
from hms.reports.scheduled import queue_reports, save_subscription
from tests.clinical.rows import doctor_at_work, visit_today
from tests.factories import PatientFactory, at, staff
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R04")]
ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 6, 8, 6, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def clock():
    """The Sunday before MONDAY, when the letters of that day are written; people subscribe then."""
    with time_machine.travel(MONDAY - timedelta(days=1), tick=False) as clock:
        yield clock


def subscribed(role: str = "administrator", kind: str = Figures.DAY, **fields):
    login = staff(role, **fields)
    save_subscription(subscription=ReportSubscription(user=login, kind=kind), by=staff("administrator"))
    return login


def test_the_day_that_is_over_is_written_once_at_the_hour_of_the_hospital(clock):
    login = subscribed()
    clock.move_to(MONDAY - timedelta(minutes=1))
    early = queue_reports()
    clock.move_to(MONDAY)

    assert (early, queue_reports(), queue_reports()) == (0, 1, 0)
    letter = Notification.objects.get()
    assert (letter.recipient, letter.subject) == (login.email, "Figures of 7 June 2026")
    assert (letter.kind, letter.patient) == ("report", None)


def test_a_letter_has_the_numbers_of_the_reports_and_no_names(clock):
    subscribed()
    doctor = doctor_at_work()
    patient = PatientFactory(full_name="Asha Rao")
    for hour, status in ((9, "completed"), (10, "completed"), (11, "no_show")):
        visit_today(doctor, patient, starts_at=at(hour, days=0), status=status)
    clock.move_to(MONDAY)

    queue_reports()
    send_due()

    [letter] = Notification.objects.all()
    lines = [line.strip() for line in letter.body.splitlines()]
    assert lines[:5] == ["Patients", "Patients: 1", "Visits: 2", "", "Bookings"]
    assert {"Came: 2", "No-show: 1", "Bookings: 3", "Received: ₹0.00"} <= set(lines)
    for name in (patient.full_name, patient.mrn, doctor.full_name):
        assert name not in letter.body
    assert letter.status == "sent"


def test_the_week_is_written_on_monday_for_monday_to_sunday(clock):
    subscribed(kind=Figures.WEEK)
    clock.move_to(MONDAY - timedelta(hours=1))
    on_sunday_night = queue_reports()
    clock.move_to(MONDAY)

    assert (on_sunday_night, queue_reports()) == (0, 1)
    assert Notification.objects.get().subject == "Figures of 1 June 2026 to 7 June 2026"


def test_a_reader_gets_the_figures_that_the_role_may_see_and_nobody_gets_money_by_it(clock):
    subscribed("receptionist")
    subscribed("billing_clerk")
    clock.move_to(MONDAY)

    queue_reports()

    desk, billing = Notification.objects.order_by("pk")
    assert ("Bookings" in desk.body, "Money" in desk.body) == (True, False)
    assert ("Bookings" in billing.body, "Money" in billing.body) == (False, True)


@pytest.mark.parametrize(
    "person", [{"role": "nurse"}, {"role": "administrator", "is_active": False}, {"role": "auditor"}]
)
def test_who_may_see_no_figures_cannot_be_chosen(person):
    with pytest.raises(ValidationError) as refused:
        subscribed(**person)

    assert "user" in (getattr(refused.value, "error_dict", None) or {refused.value.field})
    assert ReportSubscription.objects.count() == 0


def test_who_loses_the_right_gets_no_more_letters(clock):
    subscribed().groups.clear()
    clock.move_to(MONDAY)

    assert queue_reports() == 0


def test_only_administrators_choose_who_gets_figures_and_each_person_once():
    login = subscribed("receptionist")
    for role in ("receptionist", "doctor", "auditor"):
        with pytest.raises(NotAllowed):
            save_subscription(subscription=ReportSubscription(user=login, kind=Figures.WEEK), by=staff(role))

    with pytest.raises(IntegrityError):
        ReportSubscription.objects.create(user=login, kind=Figures.DAY)


def test_the_job_says_how_many_it_wrote(clock):
    subscribed()
    clock.move_to(MONDAY)

    assert jobs["write-reports"].run() == "1 reports written"
    assert jobs["write-reports"].run() == ""


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_that_write_at_once_write_each_letter_once(clock):
    subscribed()
    clock.move_to(MONDAY)

    race(*[queue_reports] * 6)

    assert Notification.objects.count() == 1


def test_figures_that_were_not_written_are_made_up_for_once_and_say_that_they_are_late(clock):
    clock.move_to(MONDAY - timedelta(days=5))
    subscribed()
    clock.move_to(MONDAY + timedelta(days=1))

    assert (queue_reports(), queue_reports()) == (6, 0)
    letters = list(Notification.objects.order_by("pk"))
    assert [one.subject for one in letters] == [f"Figures of {day} June 2026" for day in range(3, 9)]
    assert ["This comes late" in one.body for one in letters] == [True] * 5 + [False]


def test_figures_of_long_ago_are_not_made_up_for(clock):
    subscribed()
    subscribed(kind=Figures.WEEK)
    clock.move_to(MONDAY + timedelta(days=70))

    assert queue_reports() == 7 + 4


def test_a_letter_that_was_written_is_not_written_again_with_the_others(clock):
    clock.move_to(MONDAY - timedelta(days=5))
    subscribed()
    clock.move_to(MONDAY)
    queue_reports()
    Notification.objects.filter(subject="Figures of 5 June 2026").delete()

    assert queue_reports() == 1
    assert Notification.objects.latest("pk").subject == "Figures of 5 June 2026"


@pytest.mark.parametrize(
    ("day", "hour", "written_at"),
    [
        (datetime(2026, 3, 29, tzinfo=ZONE), 2, datetime(2026, 3, 29, 1, tzinfo=UTC)),  # there is no 2 AM
        (datetime(2026, 3, 29, tzinfo=ZONE), 6, datetime(2026, 3, 29, 4, tzinfo=UTC)),
        (datetime(2026, 10, 25, tzinfo=ZONE), 2, datetime(2026, 10, 25, 0, tzinfo=UTC)),  # there are two
        (datetime(2026, 10, 25, tzinfo=ZONE), 0, datetime(2026, 10, 24, 22, tzinfo=UTC)),
    ],
)
def test_a_letter_is_written_once_on_a_day_on_which_the_clocks_change(clock, settings, day, hour, written_at):
    settings.REPORTS = {"hour": hour}
    clock.move_to(day - timedelta(hours=1))
    subscribed()
    written = []
    for minutes in range(0, 24 * 60, 10):
        clock.move_to(day.astimezone(UTC) + timedelta(minutes=minutes))
        written += [timezone.now()] * queue_reports()

    assert written == [written_at]


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_that_no_day_has_is_refused_at_the_start(settings, hour):
    settings.REPORTS = {"hour": hour}

    with pytest.raises(ImproperlyConfigured, match=f"REPORTS_HOUR is {hour}"):
        require_hour()
