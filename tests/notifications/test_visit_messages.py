"""Messages about bookings, moves and cancellations: who gets them, and what they say and do not say."""

import pytest
from icalendar import Calendar

from accounts.models import Guardianship, Patient
from hms.core.rights import SYSTEM
from hms.notifications.gsm import length
from hms.notifications.models import Notification, VisitEvent
from hms.notifications.services import decline_message, write_messages
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    hold_slot,
    reschedule_appointment,
)
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.notifications.visits import told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("N01"),
    pytest.mark.usefixtures("sunday_noon"),
]


@pytest.fixture
def site(settings):
    settings.SITE_ADDRESS = "https://hospital.example"


def email() -> Notification:
    return Notification.objects.filter(channel="email").latest("pk")


def event_of(row: Notification):
    return Calendar.from_ical(row.calendar).walk("VEVENT")[0]


def test_a_booking_is_told_by_email_and_sms_once(site, booked, carer, patient):
    first, second = told(), told()

    assert first == second == [
        ("booked", "email", carer.email), ("booked", "sms", patient.phone.as_e164),
    ]  # fmt: skip
    row = email()
    branch = booked.branch
    assert row.subject == "Your appointment is booked: Monday 23 November 2026, 9:00 AM"
    assert [line for line in row.body.splitlines() if line][:7] == [
        "Your appointment is booked.",
        "Monday 23 November 2026, 9:00 AM", "Dr Asha Rao", branch.name, ", ".join(branch.address_lines),
        "Patient: Sunita Deshpande", f"Reference: {booked.reference}",
    ]  # fmt: skip
    assert f"open: https://hospital.example/me/appointments/{booked.reference}/" in row.body


def test_a_message_names_neither_the_illness_nor_the_speciality(settings, booked, doctor):
    for names_it in (False, True):
        settings.NOTIFICATIONS = settings.NOTIFICATIONS | {"names_speciality": names_it}
        VisitEvent.objects.update(done_at=None)
        Notification.objects.all().delete()
        write_messages()
        rows = Notification.objects.all()
        assert "Cough" not in "".join(f"{row.subject} {row.body} {row.calendar}" for row in rows)
        assert (str(doctor.specialization) in email().body) == names_it


def test_an_sms_fits_into_one_and_names_no_patient(site, booked):
    write_messages()

    row = Notification.objects.get(channel="sms")
    assert row.body == (
        f"Sanjeevani Hospital: appointment Mon 23 Nov 9:00 AM, Dr Asha Rao. Ref {booked.reference}. "
        "+91 80 4000 1200"
    )
    assert length(row.body) <= 160


def test_the_calendar_file_keeps_its_uid_and_counts_up_from_request_to_cancel(site, booked, carer):
    files = []
    for change in (
        lambda: None,
        lambda: reschedule_appointment(appointment=booked, starts_at=at(10), by=carer),
        lambda: cancel_appointment(appointment=booked, by=carer),
    ):
        change()
        write_messages()
        files.append((Calendar.from_ical(email().calendar)["METHOD"], event_of(email())))

    assert [method for method, _event in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(event["SEQUENCE"]) for _method, event in files] == [0, 1, 2]
    assert len({str(event["UID"]) for _method, event in files}) == 1
    assert {str(event["ATTENDEE"]) for _method, event in files} == {f"mailto:{carer.email}"}
    assert files[1][1].decoded("DTSTART") == at(10)


def test_a_move_names_both_times_and_replaces_what_was_not_told_yet(booked, carer):
    reschedule_appointment(appointment=booked, starts_at=at(10), by=carer)

    assert [kind for kind, channel, _to in told() if channel == "email"] == ["moved"]
    assert "Before: Monday 23 November 2026, 9:00 AM" in email().body
    assert email().subject == "Your appointment has another time: Monday 23 November 2026, 10:00 AM"


def test_a_change_of_doctor_alone_is_told(booked, carer):
    told()
    other = doctor_with_hours(full_name="Dr Meera Nair")
    reschedule_appointment(appointment=booked, starts_at=at(9), doctor=other, by=carer)

    assert [kind for kind, channel, _to in told() if channel == "email"] == ["booked", "moved"]
    assert "Dr Meera Nair" in email().body


@pytest.mark.parametrize("by", ["patient", "hospital"])
def test_a_cancellation_says_who_cancelled(booked, carer, by):
    person = carer if by == "patient" else staff("receptionist")
    cancel_appointment(appointment=booked, by=person)

    assert [kind for kind, channel, _to in told() if channel == "email"] == ["cancelled"]
    said = "by you" if by == "patient" else "by the hospital"
    assert email().body.startswith(f"This appointment was cancelled {said}.")


def test_a_hold_that_is_given_up_is_told_to_nobody(doctor, patient, carer):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    cancel_appointment(appointment=held, by=carer)

    assert (told(), VisitEvent.objects.count()) == ([], 0)


def test_a_visit_booked_by_the_desk_is_told_to_the_patient(doctor):
    patient = PatientFactory(email="asha@example.org", wants_sms=False)
    carer_of(patient)
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=staff("receptionist"))

    assert told() == [("booked", "email", "asha@example.org")]


def test_a_booker_who_no_longer_acts_for_the_patient_is_told_nothing(booked, patient):
    Guardianship.objects.all().update(revoked_at=at(0, days=-1))
    Patient.objects.filter(pk=patient.pk).update(email="", wants_sms=False)

    assert told() == []


def test_who_declines_a_channel_is_not_written_to_by_it(booked, patient, carer):
    Patient.objects.filter(pk=patient.pk).update(wants_email=False)

    assert told() == [("booked", "sms", patient.phone.as_e164)]


def test_a_fault_in_one_message_does_not_hold_up_the_others(booked, doctor, carer, caplog):
    """The words of one event cannot be made, for a reason that nobody has thought of."""
    other = PatientFactory(wants_sms=False, email="other@example.org")
    book_appointment(patient=other, doctor=doctor, starts_at=at(10), by=staff("receptionist"))
    broken = VisitEvent.objects.get(appointment=booked)
    VisitEvent.objects.filter(pk=broken.pk).update(kind="moved", was_at="9999-12-31T23:59:59+00:00")

    assert told() == [("booked", "email", "other@example.org")]
    assert "are left for later" in caplog.text
    assert VisitEvent.objects.get(pk=broken.pk).done_at is None


def test_necessary_messages_are_sent_to_those_who_decline_others(booked, patient, carer):
    for channel in ("email", "sms"):
        decline_message(patient=patient, kind="reminder", channel=channel, by=SYSTEM)

    assert len(told()) == 2


def test_three_bookings_take_as_many_queries_as_one(django_assert_max_num_queries, doctor):
    counts = []
    for hours in ([9], [10, 10.5, 11]):
        for hour in hours:
            patient = PatientFactory(email=f"p{hour}@example.org")
            where = {"doctor": doctor, "starts_at": at(int(hour), int(hour % 1 * 60))}
            book_appointment(patient=patient, **where, by=staff("receptionist"))
        with django_assert_max_num_queries(60) as queries:
            write_messages()
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("number", "channels"),
    [("+918040001200", ["email"]), ("+918045678901", ["email"]), ("+919845012345", ["email", "sms"])],
)
def test_no_sms_is_written_to_a_landline(doctor, patient, carer, number, channels):
    patient.phone = number
    patient.save()
    book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer)

    assert [channel for _kind, channel, _to in told()] == channels
