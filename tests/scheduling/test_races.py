"""Many threads request one time and one booking results; real threads and commits on both databases."""

from datetime import time
from itertools import pairwise

import pytest
import time_machine
from django.db import connection

from hms.core.rights import SYSTEM
from scheduling.exceptions import PatientBusy, SlotTaken
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import (
    book_appointment,
    check_in,
    confirm_booking,
    hold_slot,
    reschedule_appointment,
)
from scheduling.statuses import HOLDING
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours
from tests.racing import race

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.feature("S10"),
    pytest.mark.django_db(transaction=True),
]


def assert_claims_match_appointments() -> None:
    holding = Appointment.objects.filter(status__in=HOLDING)
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {row.pk for row in holding}
    assert SlotClaim.objects.count() == sum(row.minutes // 5 for row in holding)
    assert PatientClaim.objects.count() == sum(row.minutes // 5 for row in holding)


@pytest.mark.parametrize("_round", range(3))
def test_different_services_for_one_time_have_one_winner(_round):
    doctor = doctor_with_hours(time(9), time(12))
    patients = [PatientFactory() for _n in range(16)]
    carers = [carer_of(patient) for patient in patients]
    moved = book_appointment(patient=patients[0], doctor=doctor, starts_at=at(9), by=SYSTEM)
    wanted = {"doctor": doctor, "starts_at": at(10)}

    outcomes = race(
        *[
            lambda p=patient, c=carer: hold_slot(patient=p, by=c, **wanted)
            for patient, carer in zip(patients[1:8], carers[1:8], strict=True)
        ],
        *[lambda p=patient: book_appointment(patient=p, by=SYSTEM, **wanted) for patient in patients[8:]],
        lambda: reschedule_appointment(appointment=moved, starts_at=at(10), by=SYSTEM),
    )

    assert outcomes == {"Appointment": 1, "SlotTaken": 15}
    assert Appointment.objects.filter(starts_at=at(10), status__in=HOLDING).count() == 1
    assert_claims_match_appointments()


@pytest.mark.feature("S31")
@pytest.mark.parametrize("_round", range(3))
def test_first_visits_and_follow_ups_that_overlap_never_both_get_their_time(_round):
    doctor = doctor_with_hours(time(9), time(12), first_visit_slots=3)
    wanted = [(at(9, 30), "first"), (at(10), "follow_up"), (at(10), "first"), (at(10, 30), "follow_up")] * 3
    patients = [PatientFactory() for _each in wanted]

    outcomes = race(
        *[
            lambda p=patient, t=starts_at, k=kind: book_appointment(
                patient=p, doctor=doctor, starts_at=t, visit_kind=k, by=SYSTEM
            )
            for patient, (starts_at, kind) in zip(patients, wanted, strict=True)
        ]
    )

    rows = list(Appointment.objects.order_by("starts_at"))
    assert 1 <= outcomes["Appointment"] == len(rows) <= 2
    assert sum(outcomes.values()) == 12
    assert set(outcomes) <= {"Appointment", "SlotTaken", "SlotNotOffered"}
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(rows))
    assert_claims_match_appointments()


def test_one_patient_booked_with_many_doctors_gets_one_appointment():
    patient = PatientFactory()
    doctors = [doctor_with_hours(time(9), time(12)) for _n in range(8)]

    outcomes = race(
        *[
            lambda d=doctor: book_appointment(patient=patient, doctor=d, starts_at=at(9), by=SYSTEM)
            for doctor in doctors
        ]
    )

    assert outcomes == {"Appointment": 1, PatientBusy.__name__: 7}
    assert_claims_match_appointments()


def test_a_session_is_filled_to_its_capacity_and_not_beyond():
    doctor = doctor_with_hours(time(9), time(10), slot_minutes=60, capacity=5)
    patients = [PatientFactory() for _n in range(12)]

    outcomes = race(
        *[
            lambda p=patient: book_appointment(patient=p, doctor=doctor, starts_at=at(9), by=SYSTEM)
            for patient in patients
        ]
    )

    assert outcomes == {"Appointment": 5, SlotTaken.__name__: 7}
    assert sorted(Appointment.objects.values_list("seat", flat=True)) == [0, 1, 2, 3, 4]


def test_a_double_click_makes_one_hold():
    doctor, patient = doctor_with_hours(), PatientFactory()
    carer = carer_of(patient)
    booking_request = {
        "patient": patient,
        "doctor": doctor,
        "starts_at": at(9),
        "by": carer,
        "idempotency_key": "once",
    }

    outcomes = race(*[lambda: hold_slot(**booking_request)] * 8)

    assert outcomes == {"Appointment": 8}
    assert Appointment.objects.count() == 1


def test_an_expired_hold_goes_to_either_its_owner_or_one_other_patient():
    doctor = doctor_with_hours()
    held = hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    Appointment.objects.filter(pk=held.pk).update(held_until=at(0, days=-1))
    patients = [PatientFactory() for _n in range(7)]

    outcomes = race(
        lambda: confirm_booking(appointment=held, by=SYSTEM),
        *[
            lambda p=patient: book_appointment(patient=p, doctor=doctor, starts_at=at(9), by=SYSTEM)
            for patient in patients
        ],
    )

    assert outcomes == {"Appointment": 1, SlotTaken.__name__: 7}
    assert_claims_match_appointments()


def test_tokens_are_given_once_when_many_are_checked_in_together():
    doctor = doctor_with_hours(time(9), time(13))
    rows = [
        book_appointment(
            patient=PatientFactory(), doctor=doctor, starts_at=at(9 + n // 2, 30 * (n % 2)), by=SYSTEM
        )
        for n in range(8)
    ]

    with time_machine.travel(at(9)):
        outcomes = race(*[lambda row=row: check_in(appointment=row, by=SYSTEM) for row in rows])

    assert outcomes == {"Appointment": 8}
    assert sorted(Appointment.objects.values_list("token", flat=True)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_index_refuses_a_second_claim_without_any_other_check():
    first = book_appointment(patient=PatientFactory(), doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)
    claim = first.claims.first()

    with connection.cursor() as cursor, pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        cursor.execute(
            "INSERT INTO scheduling_slotclaim (appointment_id, doctor_id, cell, seat)"
            " VALUES (%s, %s, %s, %s)",
            [claim.appointment_id, claim.doctor_id, claim.cell, claim.seat],
        )


def test_the_hold_limit_of_a_login_covers_all_its_patients(settings):
    patients = [PatientFactory() for _n in range(8)]
    doctors = [doctor_with_hours(time(9), time(12)) for _n in patients]
    carer = carer_of(*patients)

    outcomes = race(
        *[
            lambda p=patient, d=doctor: hold_slot(patient=p, doctor=d, starts_at=at(9), by=carer)
            for patient, doctor in zip(patients, doctors, strict=True)
        ]
    )

    most = settings.BOOKING["holds_per_login"]
    assert outcomes == {"Appointment": most, "TooManyHolds": len(patients) - most}
    assert_claims_match_appointments()
