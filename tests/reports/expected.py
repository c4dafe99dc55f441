"""What each report must say, computed row by row in Python: no query but one that loads each table whole.

A visit is (came), what a day is, and how means and shares are rounded, is written here once more on purpose.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.formats import date_format

from billing.models import Invoice, InvoiceLine, Payment, Refund
from clinical.models import Diagnosis, Encounter, LabOrder, LabResult
from hms.reports.scope import Scope
from scheduling.models import Appointment, Department, Doctor

CAME = {"arrived", "in_consultation", "completed"}
EXPECTED: dict[str, Callable] = {}
WEEK = timedelta(days=7)


def answers(slug: str) -> Callable:
    def add(function: Callable) -> Callable:
        EXPECTED[slug] = function
        return function

    return add


def rounded(value: Fraction, places: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(places), ROUND_HALF_UP)


def per_cent(part: int, whole: int) -> Decimal | None:
    return rounded(Fraction(100 * part, whole), "0.1") if whole else None


def mean_minutes(lengths: list[timedelta]) -> int | None:
    if not lengths:
        return None
    return int(rounded(Fraction(int(sum(lengths, timedelta()).total_seconds()), 60 * len(lengths)), "1"))


def day_of(moment: datetime) -> date:
    return moment.astimezone(timezone.get_current_timezone()).date()


class World:
    """All rows, and those that belong to the scope."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self.all_visits = list(Appointment.objects.select_related("doctor", "patient"))
        self.doctors = [
            one
            for one in Doctor.objects.select_related("department").order_by("full_name")
            if scope.doctors is None or one.pk in scope.doctors
        ]
        kept = {one.department_id for one in self.doctors}
        self.departments = [
            one for one in Department.objects.order_by("name") if scope.doctors is None or one.pk in kept
        ]

    def covers(self, moment: datetime | None, visit: Appointment | None) -> bool:
        scope = self.scope
        if moment is None or not scope.first <= day_of(moment) <= scope.last:
            return False
        if scope.branches is None and scope.doctors is None:
            return True
        at_place = visit and (scope.branches is None or visit.branch_id in scope.branches)
        return bool(at_place and (scope.doctors is None or visit.doctor_id in scope.doctors))

    @property
    def bookings(self) -> list[Appointment]:
        return [
            one
            for one in self.all_visits
            if self.covers(one.starts_at, one)
            and (one.booked_at or one.status not in ("held", "expired", "cancelled"))
        ]

    @property
    def came(self) -> list[Appointment]:
        return [one for one in self.bookings if one.status in CAME]

    def bills(self) -> list[Invoice]:
        return [
            one
            for one in Invoice.objects.select_related("appointment")
            if one.status != "void"
            and not (one.appointment and one.appointment.status in ("held", "expired"))
            and self.covers(one.created_at, one.appointment)
        ]

    def payments(self) -> list[Payment]:
        rows = Payment.objects.select_related("invoice__appointment")
        return [one for one in rows if self.covers(one.captured_at, one.invoice.appointment)]

    def refunds(self) -> list[Refund]:
        rows = Refund.objects.filter(status="processed").select_related("payment__invoice__appointment")
        return [one for one in rows if self.covers(one.closed_at, one.payment.invoice.appointment)]

    def orders(self) -> list[LabOrder]:
        rows = LabOrder.objects.select_related("appointment", "test", "patient")
        return [
            one for one in rows if one.status != "cancelled" and self.covers(one.recorded_at, one.appointment)
        ]

    def periods(self) -> list[date]:
        """Each day's period, once."""
        first, last = self.scope.first, self.scope.last
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return list(dict.fromkeys(map(self.period, days)))

    def period(self, day: date) -> date:
        match self.scope.step.value:
            case "week":
                return date.fromisocalendar(*day.isocalendar()[:2], 1)
            case "month":
                return date(day.year, day.month, 1)
            case "year":
                return date(day.year, 1, 1)
        return day

    def label(self, period: date) -> str:
        return date_format(period, {"month": "M Y", "year": "Y"}.get(self.scope.step.value, "j M Y"))

    def by_period(self, rows: Iterable, moment: str, count: Callable[[list], dict]) -> list[dict]:
        found = defaultdict(list)
        for row in rows:
            found[self.period(day_of(getattr(row, moment)))].append(row)
        return [{"period": self.label(one)} | count(found[one]) for one in self.periods()]

    def by_doctor(self, rows: list, count: Callable[[list], dict]) -> list[dict]:
        found = defaultdict(list)
        for row in rows:
            found[row.doctor_id].append(row)
        return [
            {"doctor": one.full_name, "department": one.department.name} | count(found[one.pk])
            for one in self.doctors
            if one.is_active or found[one.pk]
        ]

    def by_department(self, rows: list, count: Callable[[list], dict]) -> list[dict]:
        return [
            {"department": one.name} | count([row for row in rows if row.doctor.department_id == one.pk])
            for one in self.departments
        ]


def people(visits: list) -> int:
    return len({one.patient_id for one in visits})


def seen(visits: list) -> dict:
    return {"patients": people(visits), "visits": len(visits)}


def fate(visit: Appointment) -> str:
    if visit.status in CAME:
        return "came"
    if visit.status == "cancelled":
        return "cancelled"
    is_over = visit.ends_at <= timezone.now() - timedelta(hours=12)
    return "missed" if visit.status == "no_show" or is_over else "coming"


def fates(visits: list) -> dict:
    found = Counter(map(fate, visits))
    return {name: found[name] for name in ("came", "coming", "missed", "cancelled")}


def rates(visits: list) -> dict:
    found = fates(visits)
    del found["coming"]
    return {
        "bookings": len(visits),
        **found,
        "missed_share": per_cent(found["missed"], found["missed"] + found["came"]),
        "cancelled_share": per_cent(found["cancelled"], len(visits)),
    }


@answers("patients")
def patients(world: World):
    return world.by_period(world.came, "starts_at", seen)


@answers("patients-per-doctor")
def patients_per_doctor(world: World):
    return world.by_doctor(world.came, seen)


@answers("patients-per-department")
def patients_per_department(world: World):
    return world.by_department(world.came, seen)


@answers("bookings")
def bookings(world: World):
    return world.by_period(world.bookings, "starts_at", lambda rows: fates(rows) | {"bookings": len(rows)})


@answers("no-shows")
def no_shows(world: World):
    return world.by_period(world.bookings, "starts_at", rates)


@answers("no-shows-by-lead-time")
def no_shows_by_lead_time(world: World):
    lines = defaultdict(list)
    for visit in world.bookings:
        if visit.booked_at:
            days = (visit.starts_at - visit.booked_at) // timedelta(days=1)
            lines[sum(days >= least for least in (1, 2, 4, 8, 15, 31))].append(visit)
    names = [
        *("Less than a day", "1 day", "2 or 3 days", "4 to 7 days", "8 to 14 days", "15 to 30 days"),
        "More than 30 days",
    ]
    return [{"lead": name} | rates(lines[number]) for number, name in enumerate(names)]


@answers("peak-hours")
def peak_hours(world: World):
    zone = timezone.get_current_timezone()
    locals_ = [visit.starts_at.astimezone(zone) for visit in world.came]
    found = Counter((one.hour, one.weekday()) for one in locals_)
    return [
        {"hour": f"{hour:02}:00"}
        | {f"day_{day}": found[hour, day] for day in range(7)}
        | {"visits": sum(one.hour == hour for one in locals_)}
        for hour in range(24)
    ]


def waits(visits: list) -> list[timedelta]:
    return [one.started_at - one.arrived_at for one in visits if one.started_at and one.arrived_at]


def work(visits: list) -> dict:
    came = [one for one in visits if one.status in CAME]
    lengths = [one.ended_at - one.started_at for one in visits if one.status == "completed"]
    found = rates(visits)
    return {
        "patients": people(came),
        "came": len(came),
        "missed_share": found["missed_share"],
        "cancelled_share": found["cancelled_share"],
        "wait": mean_minutes(waits(visits)),
        "consultation": mean_minutes(lengths),
    }


@answers("doctors")
def doctors(world: World):
    return world.by_doctor(world.bookings, lambda rows: work(rows) | {"rating": None})


@answers("departments")
def departments(world: World):
    return world.by_department(world.bookings, work)


@answers("waiting")
def waiting(world: World):
    def count(visits):
        lengths = waits(visits)
        late = [max(one.started_at - one.starts_at, timedelta()) for one in visits if one.started_at]
        return {
            "waited": len(lengths),
            "wait": mean_minutes(lengths),
            "long_waits": sum(one > timedelta(minutes=30) for one in lengths),
            "longest": int(max(lengths).total_seconds()) // 60 if lengths else None,
            "late": mean_minutes(late),
        }

    return world.by_doctor(world.came, count)


@answers("utilization")
def utilization(world: World):
    """Dr A alone has hours: six times of 20 minutes for two patients, every day, at the first branch."""
    scope = world.scope
    days = (scope.last - scope.first).days + 1
    first_branch = min(one.branch_id for one in world.doctors[0].schedules.model.objects.all())
    is_open = scope.branches is None or first_branch in scope.branches

    def count_of(doctor):
        def count(visits):
            offered = 240 * days if doctor == "Dr A" and is_open else 0
            booked = 20 * sum(one.status != "cancelled" for one in visits)
            return {"offered": offered, "booked": booked, "share": per_cent(booked, offered)}

        return count

    rows = [one for one in world.bookings if one.status != "cancelled"]
    return [
        row | count_of(row["doctor"])(row.pop("rows")) for row in world.by_doctor(rows, lambda r: {"rows": r})
    ]


@answers("new-patients")
def new_patients(world: World):
    def count(visits):
        new = {
            one.patient_id
            for one in visits
            if not any(
                other.patient_id == one.patient_id
                and other.status in CAME
                and other.starts_at < one.starts_at
                for other in world.all_visits
            )
        }
        return {"new": len(new), "returning": people(visits) - len(new), "patients": people(visits)}

    return world.by_period(world.came, "starts_at", count)


@answers("patients-by-age")
def patients_by_age(world: World):
    begins, last = (0, 5, 15, 25, 35, 45, 55, 65, 75), world.scope.last
    came = {one.patient for one in world.came}
    found = Counter((sum(one.age_on(last) >= begin for begin in begins[1:]), one.gender) for one in came)
    names = ["0–4", "5–14", "15–24", "25–34", "35–44", "45–54", "55–64", "65–74", "75+"]  # noqa: RUF001
    sexes = ("female", "male", "other", "unknown")
    return [
        {"age": name}
        | {sex: found[line, sex] for sex in sexes}
        | {"patients": sum(found[line, sex] for sex in sexes)}
        for line, name in enumerate(names)
    ]


@answers("patients-by-district")
def patients_by_district(world: World):
    found = Counter(one.county.lower() for one in {visit.patient for visit in world.came})
    rows = [{"district": name or "not entered", "patients": number} for name, number in found.items()]
    return with_ties(rows, "patients", world.scope.top, "district")


def with_ties(rows: list, count: str, top: int, label: str) -> list:
    """Those for whom fewer than `top` others have more."""
    shown = [row for row in rows if sum(other[count] > row[count] for other in rows) < top]
    return sorted(shown, key=lambda row: (-row[count], row[label]))


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
    came = [one for one in world.all_visits if one.status in CAME]

    def later(visit):
        return [one for one in came if one.patient_id == visit.patient_id and one.starts_at > visit.starts_at]

    back = [
        visit for visit in world.came if any(one.starts_at - visit.starts_at <= WEEK for one in later(visit))
    ]
    today, scope = timezone.localdate(), world.scope
    due = [
        one
        for one in Encounter.objects.filter(status="signed").select_related("appointment")
        if one.follow_up_on
        and scope.first <= one.follow_up_on <= scope.last
        and one.follow_up_on + WEEK < today
        and (scope.branches is None or one.appointment.branch_id in scope.branches)
        and (scope.doctors is None or one.appointment.doctor_id in scope.doctors)
    ]
    kept = [
        one
        for one in due
        if any(abs(day_of(visit.starts_at) - one.follow_up_on) <= WEEK for visit in later(one.appointment))
    ]
    last = {}
    results = LabResult.objects.filter(status="released").select_related("order__appointment")
    for one in results.order_by("released_at", "pk"):
        if world.covers(one.released_at, one.order.appointment):
            last[one.patient_id] = one.value
    measured = (
        ("Back within 7 days", len(world.came), len(back)),
        ("Follow-up kept", len(due), len(kept)),
        ("HbA1c at goal", len(last), sum(value < 7 for value in last.values())),
    )
    return [
        {"measure": name, "whole": whole, "part": part, "share": per_cent(part, whole)}
        for name, whole, part in measured
    ]
