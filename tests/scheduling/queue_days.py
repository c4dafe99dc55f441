"""A doctor's day with people in the waiting room."""

from datetime import timedelta

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Doctor
from scheduling.services import check_in, start_consultation
from tests.scheduling.admin_day import visit


def arrives(doctor: Doctor, hour: int, minute: int = 0) -> Appointment:
    return check_in(appointment=visit(doctor, hour, minute), by=SYSTEM)


def inside(doctor: Doctor, hour: int, minute: int = 0) -> Appointment:
    return start_consultation(appointment=arrives(doctor, hour, minute), by=SYSTEM)


def took(doctor: Doctor, *minutes: int) -> None:
    """Consultations of the last days that took so long."""
    row = visit(doctor, 10)
    columns = {field.attname: getattr(row, field.attname) for field in Appointment._meta.concrete_fields}
    del columns["id"], columns["reference"], columns["idempotency_key"]
    starts_at = row.starts_at
    Appointment.objects.filter(pk=row.pk).update(status="cancelled", ended_at=starts_at)
    row.claims.all().delete()
    for days, length in enumerate(minutes, 1):
        began = starts_at - timedelta(days=days)
        times = {"starts_at": began, "ends_at": began + timedelta(minutes=30), "started_at": began}
        times["ended_at"] = began + timedelta(minutes=length)
        Appointment.objects.create(**columns | times | {"status": "completed"})
