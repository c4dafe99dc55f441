"""Samples with computed tests: ordered, collected, entered and passed on."""

from datetime import date

from django.utils import timezone

from clinical.models import LabOrder, LabResult
from clinical.services import collect_sample, enter_result, verify_result
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import number, ordered
from tests.clinical.rows import patient_of


def person(doctor, **fields):
    born = date(timezone.localdate().year - 56, 1, 1)
    return patient_of(doctor, **{"gender": "male", "date_of_birth": born} | fields)


def sample(doctor, *codes: str, **fields) -> dict[str, LabOrder]:
    """A collected sample, by the code of each test."""
    fields.setdefault("patient", None)
    patient = fields.pop("patient") or person(doctor)
    orders = ordered(doctor, *codes, patient=patient, **fields)
    return {order.test.code: order for order in collect_sample(orders=orders, by=SYSTEM)}


def enter(orders: dict[str, LabOrder], by=SYSTEM, unit: str = "", **values: str) -> None:
    for code, value in values.items():
        enter_result(order=orders[code], finding=number(value, unit=unit), by=by)


def current(code: str) -> LabResult:
    return LabResult.objects.current().select_related("order__test").get(order__test__code=code)


def pass_on(*codes: str, step=verify_result) -> None:
    for code in codes:
        step(result=current(code), by=SYSTEM)
