"""A Wednesday morning at the desk."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.urls import reverse

from scheduling.models import Appointment, Doctor
from scheduling.services import book_appointment
from tests.factories import PatientFactory, at, doctor_with_hours, staff

MORNING = datetime(2026, 6, 10, 9, 20, tzinfo=ZoneInfo("Europe/Berlin"))


def doctor_with_login(**fields) -> Doctor:
    """A doctor who may log in and sees patients from 9 to 12 every day."""
    return doctor_with_hours(user=staff("doctor"), **fields)


def visit(doctor: Doctor, hour: int = 10, minute: int = 0, *, days: int = 0, **wish) -> Appointment:
    """A booked appointment of today unless told otherwise."""
    wish.setdefault("patient", None)
    wish["patient"] = wish["patient"] or PatientFactory()
    starts_at = at(hour, minute, days=days)
    return book_appointment(doctor=doctor, starts_at=starts_at, source="desk", by=None, **wish)


def page(name: str, *args) -> str:
    return reverse(f"admin:{name}", args=args)


def change_page(row) -> str:
    return page(f"{row._meta.app_label}_{row._meta.model_name}_change", row.pk)


def list_page(model) -> str:
    return page(f"{model._meta.app_label}_{model._meta.model_name}_changelist")


def said(response) -> list[str]:
    """The messages that the next page shows."""
    return [str(message) for message in get_messages(response.wsgi_request)]
