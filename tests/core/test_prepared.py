"""A prepared query returns the same rows as its query set."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import CharField, DateTimeField, IntegerField

from hms.core.prepared import PreparedQuery
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor, WeeklySchedule
from scheduling.services import book_appointment
from tests.factories import DoctorFactory, PatientFactory, at, doctor_with_hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked():
    doctor = doctor_with_hours()
    return [
        book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(hour), by=SYSTEM)
        for hour in (9, 10, 11)
    ]


def test_rows_equal_those_of_the_query_set_each_time(booked):
    prepared = PreparedQuery(
        lambda parameter: (
            Appointment.objects.filter(starts_at__gte=parameter("since", DateTimeField()))
            .order_by("starts_at")
            .values_list("reference", "starts_at", "doctor__fee")
        )
    )

    for since in (at(9), at(10), at(12)):
        expected = Appointment.objects.filter(starts_at__gte=since).order_by("starts_at")
        rows = [tuple(row) for row in prepared.rows(since=since)]
        assert rows == list(expected.values_list("reference", "starts_at", "doctor__fee"))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_lists_of_every_length_are_bound(count):
    doctors = [DoctorFactory() for _n in range(6)]
    wanted = [doctor.pk for doctor in doctors[:count]]
    prepared = PreparedQuery(
        lambda parameter: (
            Doctor.objects.filter(pk__in=parameter("keys", IntegerField(), many=True))
            .order_by("pk")
            .values_list("pk")
        )
    )

    assert [pk for (pk,) in prepared.rows(keys=wanted)] == wanted


def test_an_empty_list_finds_nothing_and_makes_no_query(django_assert_num_queries):
    prepared = PreparedQuery(
        lambda parameter: Doctor.objects.filter(pk__in=parameter("keys", IntegerField(), many=True))
    )

    with django_assert_num_queries(0):
        assert prepared.rows(keys=[]) == []
        assert prepared.objects(keys=[]) == []


def test_objects_are_instances_with_their_related_rows(booked, django_assert_num_queries):
    prepared = PreparedQuery(
        lambda parameter: Appointment.objects.select_related("doctor__department", "patient").filter(
            reference=parameter("reference", CharField())
        )
    )

    for appointment in booked:
        with django_assert_num_queries(1):
            found = prepared.first(reference=appointment.reference)
            assert found == appointment
            assert found.starts_at == appointment.starts_at
            assert found.doctor.department.opens_at.hour == 8
            assert found.patient == appointment.patient
        assert found._state.adding is False
    assert prepared.first(reference="nothing") is None


def test_a_missing_related_row_is_none():
    DoctorFactory()
    prepared = PreparedQuery(
        lambda parameter: Doctor.objects.select_related("user").filter(
            fee__gte=parameter("fee", IntegerField())
        )
    )

    assert prepared.first(fee=1).user is None


def test_joined_and_time_columns_are_converted():
    doctor = doctor_with_hours()
    prepared = PreparedQuery(
        lambda parameter: (
            WeeklySchedule.objects.filter(doctor__id=parameter("doctor", IntegerField()))
            .order_by("weekday")
            .values_list("starts_at", "valid_from", "branch__name")
        )
    )

    first = tuple(prepared.rows(doctor=doctor.pk)[0])

    assert (
        first
        == doctor.schedules.order_by("weekday").values_list("starts_at", "valid_from", "branch__name")[0]
    )
    assert timedelta(hours=first[0].hour) == timedelta(hours=9)


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused_where_django_refuses_it():
    rows = Doctor.objects.select_for_update().values_list("pk")
    with transaction.atomic():  # compiled here, asked again below
        locked = PreparedQuery(lambda _parameter: rows.all())
        assert list(locked.rows()) == []

    def outcome(ask) -> str:
        try:
            return str(len(list(ask())))
        except transaction.TransactionManagementError as error:
            return str(error)

    assert outcome(locked.rows) == outcome(rows.all)
