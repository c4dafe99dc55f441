"""Days of 25 and 23 hours, and the turn of the year at midnight."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from hms.core.rights import SYSTEM
from scheduling.admin.times import TimesOfDay
from scheduling.exceptions import NotToday, SlotNotOffered, SlotTaken
from scheduling.models import Appointment
from scheduling.moments import compact, parse_moment
from scheduling.services import book_appointment, check_in
from tests.factories import DepartmentFactory, DoctorFactory, PatientFactory, WeeklyScheduleFactory, carer_of
from tests.scheduling.pages import times

pytestmark = pytest.mark.django_db

# The hospital's zone in these tests is Europe/Berlin; all four moments are in UTC.
LONG, SHORT = date(2026, 10, 25), date(2027, 3, 28)
NIGHT = {
    LONG: ["2026-10-24T23:00Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z"],
    SHORT: ["2027-03-28T00:00Z", "2027-03-28T01:00Z"],
}
CLOCKS = {LONG: ["1:00 AM", "2:00 AM CEST", "2:00 AM CET", "3:00 AM"], SHORT: ["1:00 AM", "3:00 AM"]}
both_days = pytest.mark.parametrize("day", NIGHT, ids=["25 hours", "23 hours"])


@pytest.fixture
def doctor():
    """Works from one to four at night by local time, in slots of one hour."""
    return night_doctor(time(1), time(4), 60)


def night_doctor(starts_at, ends_at, slot_minutes):
    department = DepartmentFactory(opens_at=time(0), closes_at=time(23, 59))
    doctor = DoctorFactory(department=department)
    for weekday in range(7):
        hours = {"weekday": weekday, "starts_at": starts_at, "ends_at": ends_at}
        WeeklyScheduleFactory(doctor=doctor, slot_minutes=slot_minutes, **hours)
    return doctor


def two_days_before(day: date):
    return time_machine.travel(datetime.combine(day - timedelta(days=2), time(12), tzinfo=UTC), tick=False)


def moments(day: date) -> list[datetime]:
    return [datetime.fromisoformat(text) for text in NIGHT[day]]


@both_days
@pytest.mark.feature("S07")
def test_every_hour_of_the_night_is_offered_on_the_page_and_booked_once(client, doctor, day):
    with two_days_before(day):
        offered = times(client.get(f"/doctors/{doctor.reference}/times/?day={day}"))
        for starts_at in moments(day):
            patient = PatientFactory()
            client.force_login(carer_of(patient))
            address = f"/book/{doctor.reference}/?at={compact(starts_at)}"
            form = {"patient": patient.reference, "symptoms": "", "key": patient.reference * 3}
            assert client.post(address, form).status_code == 302
        left = times(client.get(f"/doctors/{doctor.reference}/times/?day={day}"))

    held = Appointment.objects.order_by("starts_at")
    assert (offered, left) == (CLOCKS[day], [])
    assert list(held.values_list("starts_at", flat=True)) == moments(day)
    assert {row.ends_at - row.starts_at for row in held} == {timedelta(hours=1)}


@both_days
@pytest.mark.feature("S10")
def test_the_service_books_each_hour_of_the_night_once(doctor, day):
    with two_days_before(day):
        for starts_at in moments(day):
            book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=starts_at, by=SYSTEM)
        with pytest.raises(SlotTaken):
            book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=moments(day)[1], by=SYSTEM)

    claimed = sorted(row.claims.count() for row in Appointment.objects.all())
    assert claimed == [12] * len(moments(day))


@pytest.mark.feature("S10")
@pytest.mark.parametrize("minute", [30, 59])
def test_a_time_between_slots_of_the_long_night_is_refused(doctor, minute):
    with two_days_before(LONG), pytest.raises(SlotNotOffered):
        book_appointment(
            patient=PatientFactory(),
            doctor=doctor,
            starts_at=datetime(2026, 10, 25, 0, minute, tzinfo=UTC),
            by=SYSTEM,
        )

    assert not Appointment.objects.exists()


@pytest.mark.feature("S08")
def test_a_skipped_local_time_is_invalid(client, doctor):
    patient = PatientFactory()
    form = {"patient": patient.reference, "symptoms": "", "key": "k" * 32}

    with two_days_before(SHORT):
        client.force_login(carer_of(patient))
        answer = client.post(f"/book/{doctor.reference}/?at=2027-03-28T02:00", form)

    assert answer.status_code == 400
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-03-28T02:00", None),
        ("2027-03-28T02:59", None),
        ("2027-03-28T03:00", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        ("2027-03-28T02:00+02:00", datetime(2027, 3, 28, 0, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
    ids=["skipped", "skipped, too", "after", "with its zone", "the first of two"],
)
def test_a_local_time_of_an_odd_day_is_read(text, moment):
    read = parse_moment(text)

    # In UTC: in Python a repeated local time is unequal to every time in another zone.
    assert (read and read.astimezone(UTC)) == moment


# --- calendar files


@pytest.mark.feature("S08")
@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        (date(2026, 7, 1), "20260701T070000Z", "20260701T080000Z"),
        (date(2026, 12, 1), "20261201T080000Z", "20261201T090000Z"),
        (LONG, "20261025T080000Z", "20261025T090000Z"),
        (SHORT, "20270328T070000Z", "20270328T080000Z"),
    ],
    ids=["summer", "winter", "25 hours", "23 hours"],
)
def test_nine_in_local_time_is_the_right_moment_in_the_calendar_file(client, day, starts, ends):
    doctor, patient = night_doctor(time(9), time(10), 60), PatientFactory()
    with two_days_before(day):
        client.force_login(carer_of(patient))
        nine = parse_moment(f"{day}T09:00")
        visit = book_appointment(patient=patient, doctor=doctor, starts_at=nine, by=SYSTEM)
        lines = client.get(f"/me/appointments/{visit.reference}/calendar.ics").content.decode().splitlines()

    assert [line for line in lines if line.startswith(("DTSTART", "DTEND"))] == [
        f"DTSTART:{starts}",
        f"DTEND:{ends}",
    ]


# --- tokens around midnight


@pytest.mark.feature("S12")
@pytest.mark.parametrize("last_day", [date(2026, 12, 31), date(2027, 3, 31)])
def test_tokens_count_by_the_day_of_the_visit_around_the_hospitals_own_midnight(last_day):
    doctor = night_doctor(time(0), time(23, 59), 15)
    first_day = last_day + timedelta(days=1)
    with two_days_before(last_day):
        late, later, early, missed = (
            book_appointment(
                patient=PatientFactory(), doctor=doctor, starts_at=parse_moment(text), by=SYSTEM
            )
            for text in (
                f"{last_day}T23:00", f"{last_day}T23:15", f"{first_day}T00:00", f"{last_day}T23:30",
            )
        )  # fmt: skip

    with time_machine.travel(parse_moment(f"{last_day}T19:59"), tick=False), pytest.raises(NotToday):
        check_in(appointment=early, by=SYSTEM)
    with time_machine.travel(parse_moment(f"{last_day}T23:50"), tick=False):
        before = [check_in(appointment=row, by=SYSTEM) for row in (late, early)]
    with time_machine.travel(parse_moment(f"{first_day}T00:05"), tick=False):
        after = [check_in(appointment=row, by=SYSTEM) for row in (missed, later)]

    assert [(row.token_on, row.token) for row in (*before, *after)] == [
        (last_day, 1),
        (first_day, 1),
        (last_day, 2),
        (last_day, 3),
    ]


@pytest.mark.feature("S12")
def test_the_desk_tells_the_two_hours_of_the_same_name_apart(doctor):
    with two_days_before(LONG):
        labels = [choice.label for choice in TimesOfDay(doctor, LONG).free]

    assert labels == CLOCKS[LONG]
