"""What the reports about money, diagnoses, tests and outcomes must say; see `expected`."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from billing.models import Invoice, InvoiceLine, Payment
from clinical.models import Diagnosis, Encounter, LabOrder, LabResult
from scheduling.models import Appointment
from tests.reports.world import CAME, WEEK, World, answers, day_of, people, per_cent, rounded, with_ties


def money(rows: list, column: str) -> Decimal:
    return sum((getattr(row, column) for row in rows), Decimal("0.00"))


def amounts(bills: list, payments: list, refunds: list) -> dict:
    received, refunded = money(payments, "amount"), money(refunds, "amount")
    return {
        "billed": money(bills, "total"),
        "received": received,
        "refunded": refunded,
        "kept": received - refunded,
    }


def visit_of(row) -> Appointment | None:
    match row:
        case Invoice():
            return row.appointment
        case Payment():
            return row.invoice.appointment
    return row.payment.invoice.appointment


@answers("revenue")
def revenue(world: World):
    columns = (
        ("created_at", world.bills()),
        ("captured_at", world.payments()),
        ("closed_at", world.refunds()),
    )
    return [
        {"period": world.label(period)}
        | amounts(
            *(
                [row for row in rows if world.period(day_of(getattr(row, at))) == period]
                for at, rows in columns
            )
        )
        for period in world.periods()
    ]


def amounts_where(world: World, fits: Callable[[Appointment | None], bool]) -> dict | None:
    parts = [
        [row for row in rows if fits(visit_of(row))]
        for rows in (world.bills(), world.payments(), world.refunds())
    ]
    return amounts(*parts) if any(parts) else None


NO_MONEY = dict.fromkeys(("billed", "received", "refunded", "kept"), Decimal("0.00"))


@answers("revenue-per-department")
def revenue_per_department(world: World):
    rows = [
        {"department": one.name}
        | (
            amounts_where(world, lambda visit, key=one.pk: visit and visit.doctor.department_id == key)
            or NO_MONEY
        )
        for one in world.departments
    ]
    rest = amounts_where(world, lambda visit: visit is None)
    return rows + ([{"department": "Without an appointment"} | rest] if rest else [])


@answers("revenue-per-doctor")
def revenue_per_doctor(world: World):
    rows = []
    for one in world.doctors:
        found = amounts_where(world, lambda visit, key=one.pk: visit and visit.doctor_id == key)
        if one.is_active or found:
            rows.append({"doctor": one.full_name, "department": one.department.name} | (found or NO_MONEY))
    rest = amounts_where(world, lambda visit: visit is None)
    return rows + ([{"doctor": "Without an appointment", "department": ""} | rest] if rest else [])


@answers("revenue-per-method")
def revenue_per_method(world: World):
    rows = []
    for method, name in (("card", "Card"), ("upi", "UPI"), ("cash", "Cash")):
        payments = [one for one in world.payments() if one.method == method]
        refunds = [one for one in world.refunds() if one.payment.method == method]
        found = amounts([], payments, refunds)
        del found["billed"]
        rows.append({"method": name, "payments": len(payments)} | found)
    return rows


@answers("gst")
def gst(world: World):
    bills = {one.pk for one in world.bills()}
    lines = [one for one in InvoiceLine.objects.all() if one.invoice_id in bills]
    if not lines:
        return []
    sums = {name: money(lines, name) for name in ("taxable_value", "cgst", "sgst", "igst", "total")}
    return [{"treatment": "Exempt", "rate": Decimal(0), "sac": "999312", "lines": len(lines)} | sums]


def frequent(groups: dict, top: int) -> list[dict]:
    """Groups of rows by their names; those of fewer than 5 patients are one line."""
    rows = [{"name": name, "patients": people(found), "times": len(found)} for name, found in groups.items()]
    few = [row for row in rows if row["patients"] < 5]
    shown = with_ties([row for row in rows if row["patients"] >= 5], "patients", top, "name")
    if few:
        name = f"{len(few)} with fewer than 5 patients each"
        shown.append({"name": name, "patients": None, "times": sum(row["times"] for row in few)})
    return shown


@answers("diagnoses")
def diagnoses(world: World):
    found = defaultdict(list)
    for one in Diagnosis.objects.select_related("encounter__appointment"):
        visit = one.encounter.appointment
        if one.encounter.status == "signed" and world.covers(visit.starts_at, visit):
            found[one.code or one.title].append(one)
    return [row | {"code": ""} for row in frequent(found, world.scope.top)]


@answers("tests")
def tests(world: World):
    found = defaultdict(list)
    for order in world.orders():
        found[order.test.name].append(order)
    return frequent(found, world.scope.top)


@answers("most-diagnostics")
def most_diagnostics(world: World):
    found = defaultdict(list)
    for order in world.orders():
        found[order.patient].append(order)
    rows = [
        {
            "patient": patient.full_name,
            "mrn": patient.mrn,
            "tests": len(orders),
            "visits": len({one.appointment_id for one in orders}),
        }
        for patient, orders in found.items()
    ]
    return with_ties(rows, "tests", world.scope.top, "mrn")


@answers("laboratory-turnaround")
def laboratory_turnaround(world: World):
    found = defaultdict(list)
    for one in LabOrder.objects.filter(status="released").select_related("appointment", "test"):
        if world.covers(one.released_at, one.appointment):
            found[one.test.name].append(one)

    def hours(orders, since):
        spans = [(one.released_at - getattr(one, since)).total_seconds() for one in orders]
        return rounded(Fraction(int(sum(spans)), 3600 * len(spans)), "0.1")

    return [
        {
            "test": name,
            "released": len(orders),
            "from_order": hours(orders, "recorded_at"),
            "from_sample": hours(orders, "collected_at"),
            "in_time": per_cent(sum(one.released_at <= one.due_at for one in orders), len(orders)),
        }
        for name, orders in sorted(found.items())
    ]


@answers("outcomes")
def outcomes(world: World):
    measured = (
        ("Back within 7 days", world.came, [visit for visit in world.came if came_back(world, visit)]),
        ("Follow-up kept", due(world), [one for one in due(world) if kept(world, one)]),
        ("HbA1c at goal", last_hba1c(world), [value for value in last_hba1c(world) if value < 7]),
    )
    return [
        {"measure": name, "whole": len(all_), "part": len(some), "share": per_cent(len(some), len(all_))}
        for name, all_, some in measured
    ]


def later(world: World, visit: Appointment) -> list[Appointment]:
    return [
        one
        for one in world.all_visits
        if one.status in CAME and one.patient_id == visit.patient_id and one.starts_at > visit.starts_at
    ]


def came_back(world: World, visit: Appointment) -> bool:
    return any(one.starts_at - visit.starts_at <= WEEK for one in later(world, visit))


def due(world: World) -> list[Encounter]:
    scope = world.scope
    return [
        one
        for one in Encounter.objects.filter(status="signed").select_related("appointment")
        if one.follow_up_on
        and scope.first <= one.follow_up_on <= scope.last
        and one.follow_up_on + WEEK < timezone.localdate()
        and (scope.branches is None or one.appointment.branch_id in scope.branches)
        and (scope.doctors is None or one.appointment.doctor_id in scope.doctors)
    ]


def kept(world: World, record: Encounter) -> bool:
    days = [day_of(visit.starts_at) for visit in later(world, record.appointment)]
    return any(abs(day - record.follow_up_on) <= WEEK for day in days)


def last_hba1c(world: World) -> list[Decimal]:
    last = {}
    results = LabResult.objects.filter(status="released").select_related("order__appointment")
    for one in results.order_by("released_at", "pk"):
        if world.covers(one.released_at, one.order.appointment):
            last[one.patient_id] = one.value
    return list(last.values())
