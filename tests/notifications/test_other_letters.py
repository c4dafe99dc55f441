"""Receipts, reviews that are asked for, doctors who run late, and who may act for a patient."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Guardianship
from accounts.services import grant_guardianship, revoke_guardianship
from billing.models import Receipt
from clinical.models import Review
from hms.core.rights import SYSTEM
from hms.notifications.models import Notification, VisitEvent
from hms.notifications.sending import send_due
from hms.notifications.services import queue_notification, write_messages
from scheduling.models import Appointment
from scheduling.services import check_in, complete_consultation, start_consultation
from scheduling.signals import doctor_runs_late
from tests.billing.rows import held, paid
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory, at, carer_of, staff
from tests.notifications.visits import told

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N01")]


def letters(kind: str) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_a_payment_sends_the_number_of_its_receipt_to_whoever_paid():
    scene = held()
    paid(scene)

    row = Notification.objects.get(kind="receipt")
    assert row.recipient == scene.carer.email
    assert f"the receipt has the number {Receipt.objects.get().number}" in row.body


def test_the_patient_and_the_new_carer_are_told_and_told_when_it_ends():
    patient = PatientFactory(full_name="Asha Rao", email="record@example.org")
    own = carer_of(patient)
    carer = UserFactory(full_name="Ravi Rao")
    words = {"relation": "spouse", "consent_statement": "Agreed."}
    held = grant_guardianship(user=carer, patient=patient, by=staff("receptionist"), **words)
    given = letters("care_given")
    revoke_guardianship(guardianship=held, by=own)

    assert given == sorted([own.email, carer.email, "record@example.org"])
    assert letters("care_ended") == sorted([carer.email, "record@example.org"])
    assert (
        Notification.objects.filter(kind="care_given").first().subject == "Ravi Rao may now act for Asha Rao"
    )


def test_who_no_longer_acts_for_a_patient_gets_nothing_that_was_held_up(booked, carer, patient):
    other = GuardianshipFactory(patient=patient).user
    about = {"patient": patient, "reader": None}
    queue_notification(kind="receipt", to=carer.email, context={"number": "R1"}, key="receipt/1", **about)
    for user in (carer, other):
        queue_notification(kind="new_record", to=user.email, context={}, key=f"new_record/{user.pk}", **about)
    write_messages()

    revoke_guardianship(guardianship=carer.guardianships.get(), by=staff("receptionist"))
    send_due()

    assert [letter.to for letter in mail.outbox] == [[carer.email], [other.email]]
    kept = Notification.objects.filter(recipient=carer.email).order_by("kind")
    assert list(kept.values_list("kind", "status")) == [
        ("booked", "outdated"), ("new_record", "outdated"), ("receipt", "sent"),
    ]  # fmt: skip


def test_an_address_that_the_carer_may_have_typed_gets_no_letter(patient):
    patient.email = "anybody@example.org"
    patient.save()
    carer = UserFactory()
    held = Guardianship.objects.create(user=carer, patient=patient, relation="other", consented_by=carer)

    revoke_guardianship(guardianship=held, by=carer)

    assert letters("care_ended") == []


def finish(visit: Appointment, doctor) -> None:
    visit.doctor.user = staff("doctor")
    visit.doctor.save()
    check_in(appointment=visit, by=staff("receptionist"))
    start_consultation(appointment=visit, by=visit.doctor.user)
    complete_consultation(appointment=visit, by=visit.doctor.user)


@pytest.mark.parametrize("is_reviewed", [False, True])
def test_a_review_is_asked_for_the_next_day_unless_there_is_one(sunday_noon, booked, carer, is_reviewed):
    with time_machine.travel(at(9, 30), tick=False):
        finish(booked, booked.doctor)
        the_same_day = told()
        if is_reviewed:
            Review.objects.create(
                patient=booked.patient, appointment=booked, doctor=booked.doctor, stars=5, recorded_by=carer
            )
    with time_machine.travel(at(9, 30, days=2), tick=False):
        rows = told()

    assert [row for row in the_same_day if row[0] == "review_asked"] == []
    assert [row for row in rows if row[0] == "review_asked"] == (
        [] if is_reviewed else [("review_asked", "email", carer.email)]
    )


@pytest.mark.parametrize("case", ["switched off", "entered late"])
def test_no_review_is_asked_for(settings, sunday_noon, booked, case):
    if case == "switched off":
        settings.NOTIFICATIONS = settings.NOTIFICATIONS | {"asks_for_reviews": False}
    with time_machine.travel(at(9, 30, days=1 if case == "switched off" else 4), tick=False):
        finish(booked, booked.doctor)

    assert not VisitEvent.objects.filter(kind="review_asked").exists()


def test_that_a_doctor_runs_late_is_told_once_for_each_threshold_and_to_nobody_who_is_here(booked):
    for minutes in (20, 20, 40):
        doctor_runs_late.send(Appointment, appointment=booked, minutes=minutes, by=SYSTEM)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        late = [row for row in told() if row[:2] == ("doctor_late", "email")]

    assert len(late) == 2
    assert Notification.objects.filter(body__contains="about 40 minutes late").count() == 1
    doctor_runs_late.send(Appointment, appointment=booked, minutes=60, by=SYSTEM)
    Appointment.objects.filter(pk=booked.pk).update(status="arrived", token_on=at(9).date(), token=1)
    write_messages()
    assert not Notification.objects.filter(body__contains="60 minutes").exists()
