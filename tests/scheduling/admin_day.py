"""A Wednesday morning at the front desk."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor, WeeklySchedule
from scheduling.services import book_appointment
from tests.factories import PatientFactory, SpecializationFactory, at, doctor_with_hours, staff

MORNING = datetime(2026, 6, 10, 9, 20, tzinfo=ZoneInfo("Europe/Berlin"))


def doctor_with_login(**fields) -> Doctor:
    """A doctor who may log in and sees patients from 9 to 12 every day."""
    return doctor_with_hours(user=staff("doctor"), **fields)


def visit(
    doctor: Doctor, hour: int = 10, minute: int = 0, *, days: int = 0, **booking_request
) -> Appointment:
    """A booked appointment, today by default."""
    booking_request.setdefault("patient", None)
    booking_request["patient"] = booking_request["patient"] or PatientFactory()
    starts_at = at(hour, minute, days=days)
    return book_appointment(doctor=doctor, starts_at=starts_at, source="desk", by=SYSTEM, **booking_request)


def page(name: str, *args) -> str:
    return reverse(f"admin:{name}", args=args)


def change_page(row) -> str:
    return page(f"{row._meta.app_label}_{row._meta.model_name}_change", row.pk)


def list_page(model) -> str:
    return page(f"{model._meta.app_label}_{model._meta.model_name}_changelist")


def press(client, name: str, appointment: Appointment, **data):
    """Press a button beside the appointment as it is in memory; returns the response."""
    shown = {"fingerprint": appointment.shown}
    response = client.post(page(f"scheduling_appointment_{name}", appointment.pk), shown | data)
    appointment.refresh_from_db()
    return response


def said(response) -> list[str]:
    """The messages on the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response) -> dict:
    """The errors of the page's form."""
    return response.context["adminform"].form.errors


def doctor_form(doctor: Doctor, **changes) -> dict:
    """The data that the browser submits from the doctor's page."""
    columns = (
        *("full_name", "registration_number", "registration_council"),
        *("category", "degree", "practising_since", "fee", "first_visit_slots", "gender", "biography"),
        *("street", "city", "postcode", "county", "state", "country", "registration_expires_on"),
    )
    form = {name: getattr(doctor, name) for name in columns}
    shifts = list(doctor.schedules.order_by("weekday", "starts_at")) if doctor.pk else []
    form |= {"department": doctor.department_id, "is_active": "on"}
    form["specialization"] = SpecializationFactory(name=doctor.specialization.name).pk
    form["nurses"] = list(doctor.nurses.values_list("pk", flat=True)) if doctor.pk else []
    form |= {"schedules-TOTAL_FORMS": len(shifts), "schedules-INITIAL_FORMS": len(shifts)}
    for number, shift in enumerate(shifts):
        form |= shift_row(number, shift)
    return form | changes


def shift_row(number: int, shift: WeeklySchedule, **changes) -> dict:
    columns = ("weekday", "starts_at", "ends_at", "slot_minutes", "capacity", "mode", "valid_from")
    row = {name: getattr(shift, name) for name in columns} | {
        "id": shift.pk or "",
        "doctor": shift.doctor_id or "",
        "branch": shift.branch_id,
        "valid_until": shift.valid_until or "",
    }
    return {f"schedules-{number}-{name}": value for name, value in (row | changes).items()}


def run_import(client, table: bytes, model: str = "doctor"):
    """Upload, check the preview and confirm if possible."""
    upload = SimpleUploadedFile(f"{model}s.csv", table, "text/csv")
    preview = client.post(
        page(f"scheduling_{model}_import"), {"format": "0", "import_file": upload}, follow=True
    )
    confirm = preview.context.get("confirm_form")
    if confirm is None:
        return preview
    return client.post(page(f"scheduling_{model}_process_import"), confirm.initial)
