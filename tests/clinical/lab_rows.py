"""Rows for the tests of the laboratory: a visit, technicians, and results at each step."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Patient, User
from clinical.models import LabOrder, LabResult, LabTest
from clinical.services import (
    Finding,
    acknowledge_result,
    collect_sample,
    correct_result,
    enter_result,
    order_tests,
    release_result,
    report_critical_value,
    verify_result,
)
from hms.core.rights import SYSTEM
from scheduling.models import Doctor
from tests.clinical.rows import patient_of
from tests.factories import staff

LIST = "/admin/lab/"


def technician() -> User:
    return staff("lab_technician")


def a_test(code: str) -> LabTest:
    return LabTest.objects.get(code=code)


def ordered(doctor: Doctor, *codes: str, patient=None, **fields) -> list[LabOrder]:
    patient = patient or patient_of(doctor)
    visit = patient.appointments.earliest("pk")
    return order_tests(
        appointment=visit, tests=[a_test(code) for code in codes], **fields, by=doctor.user or SYSTEM
    )


def collected(doctor: Doctor, code: str = "k", by=SYSTEM, **fields) -> LabOrder:
    return collect_sample(orders=ordered(doctor, code, **fields), by=by)[0]


def number(value: str, **fields) -> Finding:
    return Finding(value=Decimal(value), **fields)


def entered(doctor: Doctor, value: str = "4.2", code: str = "k", by=SYSTEM, **fields) -> LabResult:
    return enter_result(order=collected(doctor, code, **fields), finding=number(value), by=by)


def verified(doctor: Doctor, value: str = "4.2", **fields) -> LabResult:
    return verify_result(result=entered(doctor, value, **fields), by=SYSTEM)


def released(doctor: Doctor, value: str = "4.2", **fields) -> LabResult:
    result = verified(doctor, value, **fields)
    if result.is_critical:
        result = report_critical_value(result=result, to="Dr Rao", by=SYSTEM)
    return release_result(result=result, by=SYSTEM)


def sampled(doctor: Doctor, patient: Patient, *codes: str) -> list[LabOrder]:
    """Orders of one collected sample."""
    return collect_sample(orders=ordered(doctor, *codes, patient=patient), by=SYSTEM)


def released_with(order: LabOrder, value: str) -> LabResult:
    result = enter_result(order=order, finding=number(value), by=SYSTEM)
    return release_result(result=verify_result(result=result, by=technician()), by=technician())


def acknowledged(doctor: Doctor, value: str = "4.2", **fields) -> LabResult:
    return acknowledge_result(result=released(doctor, value, **fields), by=doctor.user)


def corrected(result: LabResult, value: str) -> LabResult:
    return correct_result(result=result, finding=number(value), reason="Exchanged", by=technician())


def shown(orders: Iterable[LabOrder]) -> dict[str, str]:
    """What the buttons of a page that is opened now carry."""
    rows = LabOrder.objects.filter(pk__in=[order.pk for order in orders])
    return {f"row-{row.pk}-fingerprint": row.shown for row in rows}


def waited(result: LabResult, hours: int) -> LabResult:
    """The result as if it had been released so many hours ago."""
    past = timezone.now() - timedelta(hours=hours)
    QuerySet(LabResult).filter(pk=result.pk).update(released_at=past)
    result.refresh_from_db()
    return result


def job(order) -> str:
    return f"{LIST}{order.reference}/"


def take(client, step: str, *orders):
    chosen = {"step": step, "order": [order.reference for order in orders]}
    return client.post(f"{LIST}step/", chosen | shown(orders))


def told(client) -> list[str]:
    return [str(message) for message in client.get(LIST).context["messages"]]
