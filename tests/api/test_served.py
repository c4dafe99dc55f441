"""Bookings by way of gunicorn: fifty clients at one time, and answers that get lost."""

import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import time as clock
from datetime import timedelta
from statistics import quantiles

import pytest
from django.db import connection
from django.utils import timezone

from bench.__main__ import free_port
from bench.load import call, request
from bench.run import server
from hms.api.models import KeptAnswer
from scheduling.models import Appointment
from tests.api.calls import BASE, token_of
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours
from tests.racing import race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.feature("I02"),
]

CLIENTS, ROUNDS = 50, 10
PATH = f"{BASE}bookings/"
KEY = {"Idempotency_Key": "one"}


def served(**environment: str) -> AbstractContextManager[int]:
    """Gunicorn as in production, at the database of the test: its port."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/hms?", f"/{name}?")
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else url
    settings = "tests.api.served_settings"
    return server(free_port(), DJANGO_SETTINGS_MODULE=settings, DATABASE_URL=url, **environment)


@pytest.fixture
def port() -> Iterator[int]:
    with served() as port:
        yield port


@pytest.fixture
def token() -> str:
    return token_of(carer_of(PatientFactory()))


def wanted(doctor, moment) -> dict:
    return {"doctor": doctor.reference, "starts_at": moment.isoformat(), "pay": "desk"}


def test_of_fifty_clients_at_one_time_one_books_it(port, capsys):
    tokens = [token_of(carer_of(PatientFactory())) for _client in range(CLIENTS)]
    took: list[float] = []

    def booking(token, body):
        def book() -> str:
            begun = time.perf_counter()
            status, said = call(port, "POST", PATH, token=token, data=body)
            took.append(time.perf_counter() - begun)
            return f"{status} {said.get('code', said.get('status'))}"

        return book

    rounds = []
    for number in range(ROUNDS):
        body = wanted(doctor_with_hours(ends_at=clock(15)), at(9 + number // 2, 30 * (number % 2)))
        rounds.append(race(*(booking(token, body) for token in tokens)))

    with capsys.disabled():
        p95 = quantiles(took, n=20)[18] * 1000
        print(f"\n{CLIENTS} clients, {connection.vendor}: p95 {p95:.0f} ms", end=" ")  # noqa: T201
    assert rounds == [Counter({"201 booked": 1, "409 slot_taken": CLIENTS - 1})] * ROUNDS
    assert Appointment.objects.count() == ROUNDS


def test_whoever_hangs_up_before_the_answer_gets_it_by_the_key(port, token):
    body = wanted(doctor_with_hours(), at(9))
    hang_up(port, token, body)
    until(Appointment.objects.exists)

    status, said = again(port, token, body)

    assert (status, said["ref"]) == (201, Appointment.objects.get().reference)


@pytest.mark.parametrize("when", ["before it answers", "before the answer is kept"])
def test_a_booking_of_a_worker_that_was_killed_is_found_by_the_key(port, token, when):
    body = wanted(doctor_with_hours(), at(9))
    with pytest.raises((OSError, TypeError)):  # there is no answer to read
        call(port, "POST", PATH, token=token, data=body, X_Dies=when, **KEY)
    booked = Appointment.objects.get()
    KeptAnswer.objects.update(begun_at=timezone.now() - timedelta(minutes=3))

    status, said = again(port, token, body)

    assert (status, said["ref"], Appointment.objects.count()) == (201, booked.reference, 1)


def test_limits_count_the_requests_of_all_workers():
    def statuses(port) -> Counter:
        return race(*[lambda: str(call(port, "GET", f"{BASE}departments/")[0])] * 20)

    with served(API_REQUESTS_A_MINUTE_OF_AN_ADDRESS="12") as port:
        if time.time() % 60 > 50:
            time.sleep(60 - time.time() % 60)
        assert statuses(port) == {"200": 12, "429": 8}


def hang_up(port: int, token: str, body: dict) -> None:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "one",
    }
    with socket.create_connection(("127.0.0.1", port)) as connected:
        connected.sendall(request(port, "POST", PATH, headers, json.dumps(body).encode()))


def again(port: int, token: str, body: dict) -> tuple[int, dict]:
    """What the same request with the same key is told in the end."""
    told: list[tuple[int, dict]] = []

    def is_answered() -> bool:
        told.append(call(port, "POST", PATH, token=token, data=body, **KEY))
        return told[-1][1].get("code") != "in_progress"

    until(is_answered)
    return told[-1]


def until(holds) -> None:
    for _attempt in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise TimeoutError
