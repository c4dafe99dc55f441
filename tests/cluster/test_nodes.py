"""What is decided on several nodes of a cluster at one moment is decided once: 20 rounds of each."""

from collections import Counter
from datetime import time
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from accounts.services import update_login
from billing.models import Payment, Receipt, Refund
from billing.services import refund_payment, take_desk_payment
from clinical.services import moderate_review, write_review
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor, WeeklySchedule
from scheduling.services import book_appointment, check_in
from scheduling.services.schedules import save_weekly_schedule
from scheduling.statuses import HOLDING
from tests.billing.rows import booked, cashier, held, paid, settle, started
from tests.clinical.rows import completed_visit, doctor_at_work, visit_today
from tests.factories import (
    BranchFactory,
    DoctorFactory,
    PatientFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.feature("S10"),
    pytest.mark.django_db(transaction=True),
]

ROUNDS = range(20)
D = Decimal


def times(outcome: dict) -> list[Counter]:
    return [Counter(outcome)] * len(ROUNDS)


def test_every_node_takes_writes():
    with connection.cursor() as cursor:
        cursor.execute("SHOW STATUS LIKE 'wsrep_cluster_size'")
        size = cursor.fetchone()

    assert (connection.is_in_cluster, size) == (True, ("wsrep_cluster_size", "3"))


def test_a_bill_paid_on_two_nodes_keeps_one_payment(race_on_nodes):
    kept = []
    for _round in ROUNDS:
        scene = held()
        payments = [started(scene, f"key-0000000{n}") for n in range(2)]
        race_on_nodes(*[lambda payment=payment: settle(payment) for payment in payments])
        rows = Payment.objects.filter(invoice__appointment=scene.visit)
        kept.append(sorted(row.amount - row.refunded_amount for row in rows))

    assert kept == [[D("0.00"), D("559.00")]] * len(ROUNDS)
    receipts = Receipt.objects.values_list("serial", flat=True)
    assert sorted(receipts) == list(range(1, 2 * len(ROUNDS) + 1))


def test_a_bill_paid_at_two_desks_is_paid_once(race_on_nodes):
    outcomes, clerk = [], cashier()
    for _round in ROUNDS:
        visit = booked().visit
        outcomes.append(
            race_on_nodes(
                *[
                    lambda n=n, visit=visit: take_desk_payment(
                        appointment=visit, method="cash", by=clerk, idempotency_key=f"key-0000000{n}"
                    )
                    for n in range(2)
                ]
            )
        )

    assert outcomes == times({"Payment": 1, "AlreadyPaid": 1})


def test_part_refunds_on_three_nodes_never_exceed_what_was_paid(race_on_nodes):
    outcomes, clerk = [], cashier()
    for _round in ROUNDS:
        payment = paid(held())
        outcomes.append(
            race_on_nodes(
                *[
                    lambda n=n, payment=payment: refund_payment(
                        payment=payment,
                        amount=D("300"),
                        reason="R",
                        by=clerk,
                        idempotency_key=f"key-000000{n}",
                    )
                    for n in range(3)
                ]
            )
        )

    assert outcomes == times({"Refund": 1, "RefundTooLarge": 2})
    assert Refund.objects.count() == len(ROUNDS)


def test_receipts_of_three_nodes_are_numbered_without_gap(race_on_nodes):
    outcomes = []
    for _round in ROUNDS:
        doctor = doctor_with_hours()
        payments = [started(held(at(9 + n), doctor=doctor)) for n in range(3)]
        outcomes.append(race_on_nodes(*[lambda payment=payment: settle(payment) for payment in payments]))

    assert outcomes == times({"Payment": 3})
    serials = Receipt.objects.values_list("serial", flat=True)
    assert sorted(serials) == list(range(1, 3 * len(ROUNDS) + 1))


def test_a_time_asked_for_on_three_nodes_is_given_once(race_on_nodes):
    outcomes, doctor = [], doctor_with_hours(time(8), time(20))
    for number in ROUNDS:
        starts_at = at(8 + number // 2, 30 * (number % 2))
        patients = [PatientFactory() for _each in range(3)]
        carers = [carer_of(patient) for patient in patients]
        outcomes.append(
            race_on_nodes(
                *[
                    lambda p=p, c=c, at=starts_at: book_appointment(
                        patient=p, doctor=doctor, starts_at=at, by=c
                    )
                    for p, c in zip(patients, carers, strict=True)
                ]
            )
        )

    assert outcomes == times({"Appointment": 1, "SlotTaken": 2})


@pytest.mark.parametrize(
    ("limit", "refusal", "is_one_login"),
    [
        ("upcoming_per_patient", "TooManyBookings", False),
        ("upcoming_per_login", "TooManyByLogin", True),
        ("per_login_doctor_and_day", "TooManyOfOneDay", True),
    ],
)
def test_a_limit_of_three_is_kept_on_three_nodes(race_on_nodes, monkeypatch, limit, refusal, is_one_login):
    """The parents of one child book at once; or one login books for three children."""
    monkeypatch.setitem(settings.BOOKING, limit, 3)
    outcomes, coming, doctor = [], [], doctor_with_hours(time(8), time(20))
    for number in ROUNDS:
        patients = [PatientFactory() for _each in range(3)] if is_one_login else [PatientFactory()] * 3
        carers = [carer_of(*patients)] * 3 if is_one_login else [carer_of(patient) for patient in patients]
        days = 1 + number
        for n in range(2):
            book_appointment(patient=patients[n], doctor=doctor, starts_at=at(9 + n, days=days), by=carers[n])
        outcomes.append(
            race_on_nodes(
                *[
                    lambda n=n, p=patients[n], c=carers[n], days=days: book_appointment(
                        patient=p, doctor=doctor, starts_at=at(12 + n, days=days), by=c
                    )
                    for n in range(3)
                ]
            )
        )
        coming.append(Appointment.objects.filter(patient__in=patients, status__in=HOLDING).count())

    assert outcomes == times({"Appointment": 1, refusal: 2})
    assert coming == [3] * len(ROUNDS)


def test_patients_who_arrive_on_three_nodes_get_the_next_tokens(race_on_nodes):
    outcomes, tokens = [], []
    for _round in ROUNDS:
        doctor = doctor_with_hours()
        visits = [visit_today(doctor, status="booked") for _each in range(3)]
        outcomes.append(
            race_on_nodes(*[lambda visit=visit: check_in(appointment=visit, by=SYSTEM) for visit in visits])
        )
        tokens.append(sorted(Appointment.objects.filter(doctor=doctor).values_list("token", flat=True)))

    assert outcomes == times({"Appointment": 3})
    assert tokens == [[1, 2, 3]] * len(ROUNDS)


def test_two_administrators_cannot_close_each_other(race_on_nodes):
    left = []
    for _round in ROUNDS:
        one, other = (staff(Role.ADMINISTRATOR.value) for _each in range(2))
        race_on_nodes(
            lambda one=one, other=other: update_login(user=other, is_active=False, by=one),
            lambda one=one, other=other: update_login(user=one, is_active=False, by=other),
        )
        left.append(User.objects.filter(pk__in=[one.pk, other.pk], is_active=True).count())

    assert left == [1] * len(ROUNDS)


def test_two_shifts_of_one_time_are_one_shift(race_on_nodes):
    outcomes = []
    for _round in ROUNDS:
        doctor, branch = DoctorFactory(), BranchFactory()
        shift = {
            "doctor": doctor,
            "branch": branch,
            "weekday": 1,
            "slot_minutes": 30,
            "valid_from": at(9).date(),
        }
        outcomes.append(
            race_on_nodes(
                *[
                    lambda n=n, shift=shift: save_weekly_schedule(
                        schedule=WeeklySchedule(**shift, starts_at=time(9 + n), ends_at=time(13)), by=SYSTEM
                    )
                    for n in range(2)
                ]
            )
        )

    assert outcomes == times({"WeeklySchedule": 1, "ShiftsOverlap": 1})
    assert WeeklySchedule.objects.count() == len(ROUNDS)


def test_reviews_published_at_once_are_all_counted(race_on_nodes):
    doctors, moderator = [], staff(Role.ADMINISTRATOR.value)
    for _round in ROUNDS:
        doctor = doctor_at_work()
        visits = [completed_visit(doctor) for _each in range(3)]
        reviews = [
            write_review(appointment=visit, stars=stars, words="", by=carer_of(visit.patient))
            for stars, visit in enumerate(visits, 3)
        ]
        race_on_nodes(
            *[
                lambda review=review: moderate_review(review=review, status="published", by=moderator)
                for review in reviews
            ]
        )
        doctors.append(doctor.pk)

    found = Doctor.objects.filter(pk__in=doctors).values_list("rating", "rating_count")
    assert list(found) == [(D("4.0"), 3)] * len(ROUNDS)
