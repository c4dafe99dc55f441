"""Days and months in the hospital's time zone, computed without the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.db.models import DateTimeField
from django.utils import timezone

from hms.core.days import local_day, midnight
from hms.core.periods import PeriodFilter
from tests.factories import PatientFactory, ScheduleExceptionFactory, UserFactory, staff

PATIENTS = "/admin/accounts/patient/"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_day_begins_at_local_midnight_and_is_23_to_25_hours_long():
    # The clocks go forward on the first day, and back on the last.
    days = (date(2026, 3, 29), date(2026, 6, 10), date(2026, 10, 25))

    spans = [local_day(day) for day in days]

    assert [timezone.localtime(begins).hour for begins, _ends in spans] == [0, 0, 0]
    assert [(ends.timestamp() - begins.timestamp()) / 3600 for begins, ends in spans] == [23, 24, 25]


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", {"This morning", "Last night", "A week ago", "Last month", "Long ago"}),
        ("?when=today", {"This morning"}),
        ("?when=week", {"This morning", "Last night"}),
        ("?when=2026-11", {"This morning", "Last night", "A week ago"}),
        ("?when=2026-10", {"Last month"}),
    ],
)
def test_patients_are_filtered_by_time_of_registration(client, asked, names):
    begins = midnight(date(2026, 11, 25))
    registered = {
        "This morning": begins,
        "Last night": begins - timedelta(seconds=1),
        "A week ago": begins - timedelta(days=7),
        "Last month": midnight(date(2026, 11, 1)) - timedelta(seconds=1),
        "Long ago": begins - timedelta(days=800),
    }
    for name, moment in registered.items():
        PatientFactory(full_name=name, registered_at=moment)
    client.force_login(staff("receptionist"))

    answer = client.get(PATIENTS + asked)

    assert {patient.full_name for patient in answer.context["cl"].result_list} == names


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["date=2026-11-25", "month=11", "week_day=2", "date__gte=2026-11-25"])
def test_a_part_of_a_timestamp_in_the_address_is_refused(client, part):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    assert client.get(f"{PATIENTS}?registered_at__{part}").status_code == 400


def filters_that_ask_the_database(model_admin) -> list:
    """Filters on timestamps other than `PeriodFilter`, and date hierarchies."""
    moments = {field.name for field in model_admin.model._meta.fields if isinstance(field, DateTimeField)}
    named = [
        one if isinstance(one, str) else one[0]
        for one in model_admin.list_filter
        if not isinstance(one, type) and one[1:] != (admin.EmptyFieldListFilter,)
    ]
    return [name for name in [*named, model_admin.date_hierarchy] if name in moments]


def test_every_list_is_filtered_by_time_with_a_period_filter():
    asking = {
        str(model_admin): found
        for model_admin in admin.site._registry.values()
        if (found := filters_that_ask_the_database(model_admin))
    }
    periods = [
        one
        for model_admin in admin.site._registry.values()
        for one in model_admin.list_filter
        if isinstance(one, type) and issubclass(one, PeriodFilter)
    ]

    assert asking == {}
    assert len(periods) >= 7


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_absences_are_found_in_future_months(client):
    coming = ScheduleExceptionFactory(
        starts_at=midnight(date(2027, 1, 31)), ends_at=midnight(date(2027, 2, 2))
    )
    ScheduleExceptionFactory(starts_at=midnight(date(2027, 2, 1)), ends_at=midnight(date(2027, 2, 2)))
    client.force_login(staff("administrator"))

    answer = client.get("/admin/scheduling/scheduleexception/?when=2027-01")

    assert list(answer.context["cl"].result_list) == [coming]
