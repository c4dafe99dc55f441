"""Locks for decisions, on one server and in a cluster of several."""

import pytest
from django.db import OperationalError, connection

from accounts.models import Patient
from hms.core import locks
from hms.core.locks import lock_first, lock_row, lock_rows, take_turns, turns_taken
from hms.core.models import Turn
from hms.core.transactions import retried_atomic
from scheduling.models import Department, Doctor
from tests.factories import DepartmentFactory, DoctorFactory, PatientFactory
from tests.racing import losing_once

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S10")]


def test_one_server_pays_nothing_for_turns(django_assert_num_queries):
    patient = PatientFactory()

    with django_assert_num_queries(1):
        found = lock_row(Patient.objects.all(), pk=patient.pk)

    assert (found, Turn.objects.count()) == (patient, 0)


def test_the_turns_of_all_rows_are_one_statement_in_one_order():
    sql, numbers = turns_taken([(Patient, 7), (Doctor, 7), (Patient, 7)])

    assert len(numbers) == 2
    assert numbers == sorted(numbers)
    assert all(0 <= number < locks.TURNS for number in numbers)
    assert sql == (
        "INSERT INTO core_turn (id, taken) VALUES (%s, 1), (%s, 1) ON DUPLICATE KEY UPDATE taken = taken + 1"
    )


@pytest.mark.skipif(connection.vendor != "mysql", reason="a cluster is one of MariaDB servers")
def test_whoever_locks_rows_in_a_cluster_writes_their_turns(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(connection, "is_in_cluster", True, raising=False)
    patient, doctors = PatientFactory(), [DoctorFactory() for _each in range(3)]

    with django_assert_num_queries(2):
        lock_row(Patient.objects.all(), pk=patient.pk)
    with django_assert_num_queries(2):
        lock_rows(Doctor.objects.order_by("pk"))
    with django_assert_num_queries(2):
        lock_first(Patient.objects.filter(pk=patient.pk))
    with django_assert_num_queries(1):
        lock_first(Patient.objects.filter(pk=0))
    take_turns((Doctor, doctors[0].pk))

    assert sorted(Turn.objects.values_list("taken", flat=True)) == [1, 1, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_was_lost_leaves_nothing_on_the_rows_it_was_given():
    department, seen = DepartmentFactory.build(), []
    name = department.name

    @retried_atomic
    def save(*, department):
        seen.append((department.pk, department._state.adding, department.name))
        department.name = f"{department.name} and more"
        department.save()

    with losing_once("INSERT INTO", "audit_auditevent"):
        save(department=department)

    assert seen == [(None, True, name)] * 2
    assert Department.objects.get().name == f"{name} and more"


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_not_released_is_waited_for_once(settings):
    settings.DATABASE_LOCK_WAIT_SECONDS, tries = 0, []

    @retried_atomic
    def save():
        tries.append(1)
        raise OperationalError(1205, "Lock wait timeout exceeded")

    with pytest.raises(OperationalError):
        save()

    assert tries == [1]
