"""Fifty people request one time: online, by the service, at the desk, and by moving an appointment."""

from datetime import UTC, time
from functools import partial

import pytest
from django.test import Client

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services import book_appointment, cancel_appointment, hold_slot, reschedule_appointment
from scheduling.statuses import HOLDING
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours
from tests.opened import send
from tests.racing import race

EACH, ROUNDS = 10, 20
WON, LOST = "won", "lost"


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


class EntryPoints:
    """Every way to book one doctor's time, each used by different people."""

    def __init__(self, doctor):
        self.doctor = doctor
        self.desk = UserFactory(is_staff=True, is_superuser=True)
        self.patients = [PatientFactory() for _n in range(5 * EACH)]
        self.carers = [carer_of(patient) for patient in self.patients]
        self.pages = [logged_in(carer) for carer in self.carers[:EACH]]
        self.desks = [logged_in(self.desk) for _n in range(2 * EACH)]
        # Some move from another doctor, some from another day of this doctor, as the admin does.
        elsewhere = doctor_with_hours(time(9), time(19))
        self.movers = [
            book_appointment(patient=patient, doctor=one, starts_at=nth_time(n, days=2), by=SYSTEM)
            for one, patients in (
                (elsewhere, self.patients[-2 * EACH : -EACH]),
                (doctor, self.patients[-EACH:]),
            )
            for n, patient in enumerate(patients)
        ]

    def by_page(self, n: int, starts_at) -> str:
        moment = starts_at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
        booking_request = {"at": moment, "patient": self.patients[n].reference, "key": f"key-{n}-{moment}"}
        answer = self.pages[n].post(f"/book/{self.doctor.reference}/?at={moment}", booking_request)
        return {302: WON, 409: LOST}.get(answer.status_code, f"page: {answer.status_code}")

    def by_desk(self, n: int, starts_at) -> str:
        page = f"/admin/scheduling/appointment/add/?patient={self.patients[EACH + n].reference}"
        key = f"desk-{n}-{starts_at.timestamp()}"
        booking_request = {"time": starts_at.isoformat(), "source": "desk", "idempotency_key": key}
        answer = self.desks[n].post(f"{page}&doctor={self.doctor.reference}", booking_request)
        return {302: WON, 200: LOST}.get(answer.status_code, f"desk: {answer.status_code}")

    def by_service(self, n: int, starts_at) -> str:
        patient, carer = self.patients[2 * EACH + n], self.carers[2 * EACH + n]
        hold_slot(patient=patient, doctor=self.doctor, starts_at=starts_at, by=carer)
        return WON

    def by_moving(self, n: int, starts_at) -> str:
        carer = self.carers[3 * EACH + n]
        reschedule_appointment(appointment=self.movers[n], starts_at=starts_at, doctor=self.doctor, by=carer)
        return WON

    def by_moving_at_the_desk(self, n: int, starts_at) -> str:
        page = f"/admin/scheduling/appointment/{self.movers[EACH + n].pk}/reschedule/"
        answer = send(self.desks[EACH + n], page, {"time": starts_at.isoformat()})
        return {302: WON, 200: LOST}.get(answer.status_code, f"desk: {answer.status_code}")

    def all(self, starts_at) -> list:
        entry_points = (
            self.by_page,
            self.by_desk,
            self.by_service,
            self.by_moving,
            self.by_moving_at_the_desk,
        )
        return [partial(enter, n, starts_at) for enter in entry_points for n in range(EACH)]


def nth_time(n: int, *, days: int = 1):
    return at(9 + n // 2, n % 2 * 30, days=days)


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.feature("S10")
@pytest.mark.django_db(transaction=True)
def test_fifty_threads_make_one_booking_in_each_of_twenty_rounds(settings):
    limits = ("upcoming_per_patient", "upcoming_per_login", "per_login_doctor_and_day")
    settings.BOOKING = settings.BOOKING | dict.fromkeys(limits, ROUNDS + 1)
    doctor = doctor_with_hours(time(9), time(19))
    entry_points = EntryPoints(doctor)
    for starts_at in map(nth_time, range(ROUNDS)):
        outcomes = race(*entry_points.all(starts_at))

        refused = outcomes[LOST] + outcomes["SlotTaken"]
        assert (outcomes[WON], refused) == (1, 5 * EACH - 1), outcomes
        assert Appointment.objects.filter(doctor=doctor, starts_at=starts_at, status__in=HOLDING).count() == 1
        _release_if_held(doctor, starts_at)
    assert_claims_match_appointments()


def _release_if_held(doctor, starts_at) -> None:
    """A held time is released, so that its owner can book again in the next round."""
    winner = Appointment.objects.get(doctor=doctor, starts_at=starts_at, status__in=HOLDING)
    if winner.status == "held":
        cancel_appointment(appointment=winner, by=SYSTEM)


def assert_claims_match_appointments() -> None:
    holding = Appointment.objects.filter(status__in=HOLDING)
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {row.pk for row in holding}
    assert SlotClaim.objects.count() == sum(row.minutes // 5 for row in holding)
    assert PatientClaim.objects.count() == sum(row.minutes // 5 for row in holding)
