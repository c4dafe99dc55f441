"""Concurrent writes are logged with the true values before them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import Patient
from audit.evidence import entries
from audit.evidence.seals import seal_log
from audit.evidence.verification import tables
from scheduling.models import Appointment
from tests.factories import GuardianshipFactory, PatientFactory
from tests.racing import race

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("U02"),
]
THREADS, ROUNDS = 4, 8


@pytest.mark.parametrize("way", ["update", "bulk_update"])
def test_entries_of_one_column_form_a_chain_when_threads_count_it_up(way, log, make_appointment):
    appointment = make_appointment()
    start = Barrier(THREADS, timeout=30)
    log.forget()

    def count(_number):
        try:
            start.wait()
            for _ in range(ROUNDS):
                if way == "update":
                    Appointment.objects.filter(pk=appointment.pk).update(sequence=F("sequence") + 1)
                else:
                    row = Appointment(pk=appointment.pk, sequence=F("sequence") + 1)
                    Appointment.objects.bulk_update([row], ["sequence"])
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count, range(THREADS)))

    assert [event.changes["sequence"] for event in log.events()] == [
        [number, number + 1] for number in range(THREADS * ROUNDS)
    ]


def test_a_log_is_verified_while_others_write(findings, monkeypatch):
    monkeypatch.setattr(entries, "PAGE", 5)
    monkeypatch.setattr(tables, "PAGE", 2)
    patients = PatientFactory.create_batch(4)
    seal_log()

    def write():
        for number in range(20):
            patient = patients[number % 4]
            Patient.objects.filter(pk=patient.pk).update(city=f"City {number}")
            GuardianshipFactory(patient=patient).delete()
        return "written"

    def verify():
        return str([finding for _ in range(4) for finding in findings()])

    outcomes = race(write, write, verify)

    assert outcomes == {"written": 2, "[]": 1}
    assert findings() == []
