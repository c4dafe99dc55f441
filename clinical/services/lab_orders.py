"""Tests are ordered, samples are collected under a label, rejected when damaged, and orders are cancelled."""

from collections.abc import Collection, Iterable

from django.db.models import Model
from django.utils import timezone

from accounts.names import tidy
from accounts.services.numbers import advance
from clinical.exceptions import NothingOrdered, NotOneSample, ReasonMissing, ResultFixed, VisitNotHeld
from clinical.formulas import computed_from
from clinical.models import LabOrder, LabPanel, LabTest
from clinical.services.rights import lock_to_record
from clinical.statuses import LabOrderStatus, LabResultStatus, Urgency
from clinical.statuses.confidentiality import Confidentiality, narrower
from hms.core.locks import lock_rows
from hms.core.rights import acting, person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic
from scheduling.access import NO_GROUND
from scheduling.models import Appointment, Doctor

LABORATORY = "clinical.work_in_laboratory"


@retried_atomic
def order_tests(
    *,
    appointment: Appointment,
    tests: Collection[LabTest] = (),
    panels: Collection[LabPanel] = (),
    urgency: str = Urgency.ROUTINE,
    question: str = "",
    confidentiality: str = Confidentiality.NORMAL,
    by,
) -> list[LabOrder]:
    """Order tests for a visit; a test that is ordered for it and still open is not ordered twice.

    With a computed test those are ordered that it is computed from.
    Refuses a doctor who does not treat the patient, and a visit that was never booked or is cancelled.
    """
    lock_to_record(appointment.patient, by=by, permission="clinical.add_laborder")
    refuse_not_held(Appointment.objects.get(pk=appointment.pk))
    wanted = _wanted(tests, panels)
    if not wanted:
        raise NothingOrdered
    is_open = {order.test_id: order for order in LabOrder.objects.filter(appointment=appointment).open()}
    asked = {"urgency": urgency, "question": tidy(question), "confidentiality": confidentiality}
    facts = asked | _facts(appointment, by)
    return [
        is_open.get(test.pk) or _added(LabOrder(**facts, test=test, panel=panel))
        for test, panel in wanted.values()
    ]


def refuse_not_held(appointment: Appointment) -> None:
    if appointment.status in NO_GROUND:
        raise VisitNotHeld


def _facts(appointment: Appointment, by) -> dict:
    """What the orders of one visit have in common."""
    return {
        "appointment": appointment,
        "patient": appointment.patient,
        "doctor": _doctor(by) or appointment.doctor,
        "recorded_at": timezone.now(),
        "recorded_by": person(by),
    }


def _doctor(by) -> Doctor | None:
    return Doctor.objects.filter(user=by).first() if person(by) else None


def _wanted(tests: Iterable[LabTest], panels: Iterable[LabPanel]) -> dict[int, tuple]:
    """Each test once, with the panel that it was ordered in."""
    wanted: dict[int, tuple[LabTest, LabPanel | None]] = {}
    for panel in panels:
        if panel.is_active:
            wanted |= {test.pk: (test, panel) for test in panel.tests.all() if test.is_active}
    wanted |= {test.pk: (test, None) for test in tests if test.is_active and test.pk not in wanted}
    return wanted | _inputs(wanted)


def _inputs(wanted: dict[int, tuple]) -> dict[int, tuple]:
    """The tests from which wanted ones are computed, and which were not asked for."""
    codes = {code for test, _panel in wanted.values() if test.is_computed for code in test.formula.inputs}
    if not codes:
        return {}
    found = LabTest.objects.orderable().filter(code__in=codes).exclude(pk__in=wanted)
    return {test.pk: (test, None) for test in found}


def _added(order: LabOrder) -> LabOrder:
    order.due_at = order.due_after(order.recorded_at)
    order.confidentiality = narrower(order.confidentiality, order.test.confidentiality)
    check_columns(order)
    order.save()
    return order


def check_columns(row: Model) -> None:
    """Refuse values that do not fit their columns; a query for each related row would find nothing new."""
    row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})


@retried_atomic
def collect_sample(*, orders: Collection[LabOrder], by) -> list[LabOrder]:
    """Mark the tests of one container as collected and give them one label; a second call changes nothing.

    Refuses tests of several patients or containers.
    """
    require(by, LABORATORY)
    orders = locked(orders)
    waiting = [order for order in orders if order.status != LabOrderStatus.COLLECTED]
    if len({(order.patient_id, order.test.specimen, order.test.container) for order in orders}) != 1:
        raise NotOneSample
    now = timezone.now()
    label = next_label(timezone.localdate(now)) if waiting else ""
    for order in waiting:
        move(order, LabOrderStatus.COLLECTED, label=label, collected_at=now)
    return orders


@retried_atomic
def reject_sample(*, orders: Collection[LabOrder], reason: str, by) -> list[LabOrder]:
    """Reject a damaged or mistaken sample: its tests are to be collected again, under another label.

    Withdraws results that nobody has verified. Refuses without a reason, or after a release.
    """
    require(by, LABORATORY)
    reason, now = tidy(reason), timezone.now()
    if not reason:
        raise ReasonMissing
    orders = locked(with_computed(locked(orders)))
    for order in orders:
        if order.released_at:
            raise ResultFixed
        if order.status == LabOrderStatus.ORDERED and order.rejection_reason == reason:
            continue
        move(
            order, LabOrderStatus.ORDERED, label="", collected_at=None, resulted_at=None,
            rejected_at=now, rejection_reason=reason,
        )  # fmt: skip
        for result in lock_rows(order.results.filter(status=LabResultStatus.ENTERED)):
            move(result, LabResultStatus.WITHDRAWN)
    return orders


@retried_atomic
def cancel_order(*, order: LabOrder, reason: str, by) -> LabOrder:
    """Cancel a test that has no result, and those computed from it.

    Refuses without a reason, and doctors of other patients.
    """
    if not acting(by).has_perm(LABORATORY):
        lock_to_record(order.patient, by=by, permission="clinical.change_laborder")
    reason = tidy(reason)
    if not reason:
        raise ReasonMissing
    now = timezone.now()
    rows = locked(with_computed(locked([order])))
    for row in rows:
        if row.status != LabOrderStatus.CANCELLED:
            move(row, LabOrderStatus.CANCELLED, cancelled_at=now, cancellation_reason=reason)
    return next(row for row in rows if row.pk == order.pk)


def with_computed(orders: Iterable[LabOrder]) -> list[LabOrder]:
    """The orders, and those of the same visit and sample that are computed from them."""
    found = {order.pk: order for order in orders}
    for order in list(found.values()):
        if codes := computed_from(order.test.code):
            others = LabOrder.objects.open().filter(test__code__in=codes, label=order.label)
            rows = others.filter(appointment=order.appointment_id).select_related("test")
            found |= {row.pk: row for row in rows if row.test.is_computed}
    return list(found.values())


def locked(orders: Iterable[LabOrder]) -> list[LabOrder]:
    """The current rows, locked until the transaction ends, always in the same order."""
    keys = {order.pk for order in orders}
    rows = LabOrder.objects.filter(pk__in=keys)
    return lock_rows(rows.prefetch_related("test", "patient").order_by("pk"))


def next_label(day) -> str:
    """The number of the next sample of a day: 261127-0042."""
    return f"{day:%y%m%d}-{advance(f'laboratory {day:%y%m%d}'):04}"
