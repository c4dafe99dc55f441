"""Small random hospitals: visits near midnights and changes of clocks, with bills, records and tests."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone
from hypothesis import strategies as st

from billing.models import Invoice, InvoiceLine, Payment, Refund
from clinical.models import Diagnosis, Encounter, LabOrder, LabResult, LabTest
from scheduling.models import Appointment
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    PatientFactory,
    UserFactory,
    WeeklyScheduleFactory,
)

ZONES = ["Europe/Berlin", "Asia/Kolkata"]
# Clocks change in Berlin on 25 October, and a month ends.
DAYS = [date(2026, 10, day) for day in (23, 24, 25, 26, 31)] + [date(2026, 11, day) for day in (1, 2)]
CLOCKS = [time(0), time(0, 30), time(2, 30), time(2, 30, fold=1), time(9), time(9, 40), time(23, 55)]
STATUSES = ["held", "booked", "arrived", "in_consultation", "completed", "cancelled", "no_show", "expired"]
PEOPLE = [("female", date(1950, 2, 28)), ("male", date(2024, 2, 29)), ("unknown", date(1984, 10, 31))]
COUNTIES = ["Mysuru", "mysuru", ""]
minutes = st.sampled_from([0, 1, 29, 30, 31, 45])


@dataclass(frozen=True)
class Plan:
    """One appointment and what belongs to it."""

    doctor: int
    patient: int
    branch: int
    day: date
    clock: time
    status: str
    was_booked: bool
    lead_hours: int
    early: int
    wait: int
    lasts: int
    bill: str | None  # the status of the bill
    paid_hours: int | None  # after the booking
    refund: str | None
    diagnosis: tuple[str, str] | None
    follow_up_days: int | None
    tests: int
    hba1c: str | None


plans = st.lists(
    st.builds(
        Plan,
        doctor=st.integers(0, 2),
        patient=st.integers(0, 2),
        branch=st.integers(0, 1),
        day=st.sampled_from(DAYS),
        clock=st.sampled_from(CLOCKS),
        status=st.sampled_from([*STATUSES, "completed", "completed"]),
        was_booked=st.booleans(),
        lead_hours=st.sampled_from([1, 23, 24, 47, 48, 96, 200, 400, 800]),
        early=minutes,
        wait=minutes,
        lasts=minutes,
        bill=st.sampled_from([None, "draft", "draft", "void"]),
        paid_hours=st.sampled_from([None, 0, 1, 30]),
        refund=st.sampled_from([None, "processed", "pending"]),
        diagnosis=st.sampled_from([None, ("Flu", "J11.1"), ("Influenza", "J11.1"), ("Tired", "")]),
        follow_up_days=st.sampled_from([None, 1, 2, 7]),
        tests=st.integers(0, 2),
        hba1c=st.sampled_from([None, "6.9", "7.0"]),
    ),
    min_size=1,
    max_size=8,
)


@dataclass
class Hospital:
    doctors: list
    patients: list
    branches: list
    tests: list
    people: list
    keys: count


def make_hospital() -> Hospital:
    medicine, surgery = DepartmentFactory(name="Medicine"), DepartmentFactory(name="Surgery")
    DepartmentFactory(name="Empty")
    branches = [BranchFactory(), BranchFactory()]
    doctors = [
        DoctorFactory(full_name="Dr A", department=medicine),
        DoctorFactory(full_name="Dr B", department=surgery),
        DoctorFactory(full_name="Dr C", department=surgery, is_active=False),
    ]
    DoctorFactory(full_name="Dr D", department=surgery)
    for weekday in range(7):
        hours = {"starts_at": time(9), "ends_at": time(11), "slot_minutes": 20, "capacity": 2}
        WeeklyScheduleFactory(doctor=doctors[0], branch=branches[0], weekday=weekday, **hours)
    patients = [
        PatientFactory(full_name="Asha Rao", gender=gender, date_of_birth=born, county=county)
        for (gender, born), county in zip(PEOPLE, COUNTIES, strict=True)
    ]
    tests = [LabTest.objects.get(code="hba1c"), LabTest.objects.exclude(code="hba1c").earliest("pk")]
    return Hospital(doctors, patients, branches, tests, [UserFactory(), UserFactory()], count())


def carry_out(hospital: Hospital, plan: Plan, zone: str) -> None:
    visit = add_visit(hospital, plan, zone)
    if plan.bill:
        add_bill(hospital, plan, visit)
    if plan.diagnosis and visit.status == "completed":
        add_record(plan, visit)
    for number in range(plan.tests):
        add_test(hospital, plan, visit, number)


def add_visit(hospital: Hospital, plan: Plan, zone: str) -> Appointment:
    local = datetime.combine(plan.day, plan.clock, tzinfo=ZoneInfo(zone))
    starts_at = local.astimezone(UTC)
    booked_at = starts_at - timedelta(hours=plan.lead_hours)
    never = plan.status in ("held", "expired") or (plan.status == "cancelled" and not plan.was_booked)
    came = plan.status in ("arrived", "in_consultation", "completed")
    arrived_at = starts_at - timedelta(minutes=plan.early) if came else None
    started_at = arrived_at + timedelta(minutes=plan.wait) if came and plan.status != "arrived" else None
    ended_at = started_at + timedelta(minutes=plan.lasts) if plan.status == "completed" else None
    return Appointment.objects.create(
        doctor=hospital.doctors[plan.doctor],
        patient=hospital.patients[plan.patient],
        branch=hospital.branches[plan.branch],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
        status=plan.status,
        held_until=starts_at if plan.status == "held" else None,
        source="desk",
        booked_at=None if never else booked_at,
        arrived_at=arrived_at,
        started_at=started_at,
        ended_at=ended_at,
    )


def add_bill(hospital: Hospital, plan: Plan, visit: Appointment) -> None:
    opened_at = visit.booked_at or visit.starts_at
    parts = {"taxable_value": Decimal("500.00"), "cgst": 0, "sgst": 0, "total": Decimal("500.00")}
    bill = Invoice.objects.create(
        patient=visit.patient,
        appointment=visit if plan.lasts else None,
        status=plan.bill,
        idempotency_key=f"bill {next(hospital.keys)}",
        created_at=opened_at,
        **parts,
    )
    kind = {"kind": "consultation", "description": "Visit", "unit_price": Decimal("500.00")}
    treatment = {"treatment": "exempt", "rate": Decimal(0), "sac": "999312"}
    InvoiceLine.objects.create(invoice=bill, position=1, **kind, **treatment, **parts)
    if plan.paid_hours is not None:
        add_payment(hospital, plan, bill)


def add_payment(hospital: Hospital, plan: Plan, bill: Invoice) -> None:
    captured_at = bill.created_at + timedelta(hours=plan.paid_hours)
    payment = Payment.objects.create(
        invoice=bill,
        amount=Decimal("500.00"),
        method="cash" if plan.wait else "upi",
        gateway="desk",
        status="captured",
        captured_at=captured_at,
        refunded_amount=Decimal("120.50") if plan.refund else 0,
        idempotency_key=f"payment {next(hospital.keys)}",
    )
    if plan.refund:
        closed_at = captured_at + timedelta(hours=3) if plan.refund == "processed" else None
        fields = {"amount": Decimal("120.50"), "status": plan.refund, "closed_at": closed_at}
        Refund.objects.create(payment=payment, idempotency_key=f"r {next(hospital.keys)}", **fields)


def add_record(plan: Plan, visit: Appointment) -> None:
    days = plan.follow_up_days
    day = timezone.localdate(visit.starts_at)
    of = {"patient": visit.patient, "recorded_at": visit.starts_at}
    record = Encounter(
        appointment=visit,
        status="signed",
        signed_at=visit.ended_at,
        follow_up_on=day + timedelta(days=days) if days else None,
        **of,
    )
    title, code = plan.diagnosis
    diagnosis = Diagnosis(encounter=record, title=title, code=code, **of)
    Encounter.objects.bulk_create_with_parts([record], [diagnosis])


def add_test(hospital: Hospital, plan: Plan, visit: Appointment, number: int) -> None:
    ordered_at = visit.starts_at + timedelta(minutes=number)
    is_released = number == 0 and plan.hba1c is not None
    released_at = ordered_at + timedelta(hours=1 + plan.lasts) if is_released else None
    order = LabOrder.objects.create(
        patient=visit.patient,
        appointment=visit,
        doctor=visit.doctor,
        test=hospital.tests[number],
        status="released" if is_released else "cancelled" if plan.wait == 1 else "ordered",
        cancellation_reason="Asked" if plan.wait == 1 and not is_released else "",
        recorded_at=ordered_at,
        due_at=ordered_at + timedelta(hours=31),
        collected_at=ordered_at + timedelta(minutes=10) if is_released else None,
        released_at=released_at,
        label="L1" if is_released else "",
    )
    if is_released:
        add_result(hospital, plan, order)


def add_result(hospital: Hospital, plan: Plan, order: LabOrder) -> None:
    one, other = hospital.people
    LabResult.objects.create(
        patient=order.patient,
        order=order,
        status="released",
        value=Decimal(plan.hba1c),
        unit="%",
        flag="normal",
        recorded_by=one,
        verified_by=other,
        verified_at=order.released_at,
        released_by=other,
        released_at=order.released_at,
    )
