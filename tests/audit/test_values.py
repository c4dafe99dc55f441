"""One value has one form in the log, however it was assigned and whatever the database returns."""

import datetime as dt
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import models
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Patient
from audit.capture.values import logged_value
from scheduling.models import Doctor
from scheduling.statuses import AppointmentStatus

KOLKATA = dt.timezone(dt.timedelta(hours=5, minutes=30))
AT = dt.datetime(2026, 11, 23, 10, 0, tzinfo=KOLKATA)


@pytest.mark.parametrize(
    ("field", "value", "logged"),
    [
        (models.CharField(), None, None),
        (models.CharField(), "Asha", "Asha"),
        (models.CharField(), 7, "7"),
        (models.CharField(), AppointmentStatus.HELD, "held"),
        (models.IntegerField(), 7, 7),
        (models.IntegerField(), "7", 7),
        (models.BooleanField(), True, True),
        (models.BooleanField(), "False", False),
        (models.FloatField(), 0.5, 0.5),
        (models.DecimalField(max_digits=9, decimal_places=2), Decimal(500), "500.00"),
        (models.DecimalField(max_digits=9, decimal_places=2), 500, "500.00"),
        (models.DecimalField(max_digits=9, decimal_places=2), "500.5", "500.50"),
        (models.DecimalField(max_digits=9, decimal_places=2), 0.1, "0.10"),
        (models.DateField(), dt.date(2026, 1, 5), "2026-01-05"),
        (models.DateField(), "2026-01-05", "2026-01-05"),
        (models.TimeField(), dt.time(9, 30), "09:30:00"),
        (models.DateTimeField(), AT, "2026-11-23T04:30:00Z"),
        (models.DateTimeField(), AT.astimezone(ZoneInfo("Europe/Berlin")), "2026-11-23T04:30:00Z"),
        (models.DateTimeField(), AT.replace(microsecond=5), "2026-11-23T04:30:00.000005Z"),
        (models.DateTimeField(), AT.isoformat(), "2026-11-23T04:30:00Z"),
        (models.DurationField(), dt.timedelta(minutes=90), "P0DT01H30M00S"),
        (models.UUIDField(), UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (models.JSONField(), {"b": [1, Decimal("2.50")]}, {"b": [1, "2.50"]}),
        (
            models.BinaryField(),
            b"",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (PhoneNumberField(region="IN"), "098450 12345", "+919845012345"),
        (PhoneNumberField(region="IN"), "", ""),
        (Patient._meta.get_field("preferred_language"), 3, 3),
        (Patient._meta.get_field("preferred_language"), "3", 3),
        (Doctor._meta.get_field("photo"), "doctors/a.png", "doctors/a.png"),
    ],
)
def test_a_value_is_logged_in_one_form(field, value, logged):
    found = logged_value(field, value)

    assert (found, type(found)) == (logged, type(logged))
