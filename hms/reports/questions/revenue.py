from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from operator import add

from django.db.models import CharField, Count, F, QuerySet, Sum, Value
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment, Refund
from billing.querysets import NOT_YET_BOOKED
from billing.statuses import InvoiceStatus, Method, PaymentStatus, RefundStatus
from hms.core.money import to_paisa
from hms.reports.parts import Figure, part
from hms.reports.periods import EPOCH, Step, period_of
from hms.reports.question import IN_TIME, PLACES, Behind, Chart, Column, Kind, Row, question
from hms.reports.scope import Scope
from scheduling.models import Doctor

ZERO = Decimal("0.00")
TAXES = ("taxable_value", "cgst", "sgst", "igst", "total")
DEFINITION = _(
    "Billed: bills by the day on which they were opened, with tax, without void ones and those of times that "
    "were never booked. Received: payments by the day on which the money came. Refunded: by the day on which "
    "the money was sent or handed out. Amounts of different days do not belong to the same visits."
)


def bills(scope: Scope) -> QuerySet:
    rows = Invoice.objects.exclude(status=InvoiceStatus.VOID)
    return scope.within(rows.exclude(appointment__status__in=NOT_YET_BOOKED), "created_at", "appointment")


def payments(scope: Scope) -> QuerySet:
    rows = Payment.objects.filter(status=PaymentStatus.CAPTURED)
    return scope.within(rows, "captured_at", "invoice__appointment")


def refunds(scope: Scope) -> QuerySet:
    rows = Refund.objects.filter(status=RefundStatus.PROCESSED)
    return scope.within(rows, "closed_at", "payment__invoice__appointment")


SOURCES = (
    ("billed", bills, "created_at", "total", "appointment"),
    ("received", payments, "captured_at", "amount", "invoice__appointment"),
    ("refunded", refunds, "closed_at", "amount", "payment__invoice__appointment"),
)


def billed(key: str = "") -> Column:
    behind = Behind(Invoice, bills, key)
    return Column("billed", _("Billed"), Kind.MONEY, is_drawn=True, behind=behind)


def received(key: str = "") -> Column:
    behind = Behind(Payment, payments, key)
    return Column("received", _("Received"), Kind.MONEY, is_drawn=True, behind=behind)


def refunded(key: str = "") -> Column:
    behind = Behind(Refund, refunds, key)
    return Column("refunded", _("Refunded"), Kind.MONEY, is_drawn=True, behind=behind)


KEPT = Column("kept", _("Received less refunded"), Kind.MONEY)


def amounts(to_group: str) -> tuple[Column, ...]:
    """The columns where lines are told apart by this path from the appointment."""
    return (
        billed(f"appointment__{to_group}"),
        received(f"invoice__appointment__{to_group}"),
        refunded(f"payment__invoice__appointment__{to_group}"),
        KEPT,
    )


NO_METHOD = Value("", output_field=CharField())
METHODS = {"billed": NO_METHOD, "received": F("method"), "refunded": F("payment__method")}
NOTHING = {name: ZERO for name, *_source in SOURCES}


@part("money-by-day", merged=(add,), by_doctor=False)
def money_by_day(scope: Scope) -> Iterator[Figure]:
    """Amounts in paise by branch, day and source."""
    for name, rows, moment, amount, path in SOURCES:
        day = period_of(moment, Step.DAY, scope.first, scope.last)
        groups = rows(scope).annotate(day=day).values_list(f"{path}__branch", "day")
        for branch, number, total in groups.annotate(total=Sum(amount)):
            yield (branch, None, name, number), [paise(total)]


@part("money-by-doctor", merged=(add, add))
def money_by_doctor(scope: Scope) -> Iterator[Figure]:
    """Amounts in paise by branch, doctor, source and method, and how many they are."""
    for name, rows, _moment, amount, path in SOURCES:
        groups = rows(scope).values_list(f"{path}__branch", f"{path}__doctor", METHODS[name])
        for branch, doctor, method, total, number in groups.annotate(total=Sum(amount), number=Count("pk")):
            yield (branch, doctor, name, method), [paise(total), number]


def paise(amount: Decimal) -> int:
    return int(to_paisa(Decimal(amount)).scaleb(2))


def rupees(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def with_kept(row: Row) -> Row:
    return row | {"kept": row["received"] - row["refunded"]}


@question(
    "revenue",
    title=_("Revenue by day, week, month or year"),
    definition=DEFINITION,
    permission="reports.view_money",
    columns=(Column("period", _("From"), Kind.TEXT), billed(), received(), refunded(), KEPT),
    filters=IN_TIME,
    chart=Chart.LINES,
    is_own=False,
)
def revenue(scope: Scope) -> list[Row]:
    found: dict = defaultdict(lambda: dict.fromkeys(NOTHING, 0))
    for (_branch, _doctor, name, number), [total] in money_by_day.figures(scope).items():
        found[scope.step.first_of(EPOCH + timedelta(days=number))][name] += total
    return [
        with_kept(
            {"period": scope.name_of(first), "days": scope.days_of(first)}
            | {name: rupees(total) for name, total in found[first].items()}
        )
        for first in scope.step.periods(scope.first, scope.last)
    ]


def summed(scope: Scope, groups: dict[int | None, int]) -> dict:
    """The three amounts of each group of doctors."""
    found: dict = {}
    for (_branch, doctor, name, _method), [total, _number] in money_by_doctor.figures(scope).items():
        row = found.setdefault(groups.get(doctor), dict(NOTHING))
        row[name] += rupees(total)
    return found


WITHOUT_VISIT = _("Without an appointment")


@question(
    "revenue-per-department",
    title=_("Revenue per department"),
    definition=DEFINITION,
    permission="reports.view_money",
    columns=(Column("department", _("Department"), Kind.TEXT), *amounts("doctor__department")),
    filters=PLACES,
    chart=Chart.BARS,
    is_own=False,
)
def per_department(scope: Scope) -> list[Row]:
    found = summed(scope, dict(Doctor.objects.order_by().values_list("pk", "department")))
    listed = [(one.pk, one.name) for one in scope.listed_departments()]
    listed += [(None, str(WITHOUT_VISIT))] if None in found else []
    return [with_kept({"key": key, "department": name} | found.get(key, NOTHING)) for key, name in listed]


@question(
    "revenue-per-doctor",
    title=_("Revenue per doctor"),
    definition=DEFINITION,
    permission="reports.view_money",
    columns=(
        Column("doctor", _("Doctor"), Kind.TEXT),
        Column("department", _("Department"), Kind.TEXT),
        *amounts("doctor"),
    ),
    filters=PLACES,
    chart=Chart.BARS,
    is_own=False,
)
def per_doctor(scope: Scope) -> list[Row]:
    found = summed(scope, {one.pk: one.pk for one in scope.listed_doctors()})
    listed = [
        (one.pk, one.full_name, one.department.name)
        for one in scope.listed_doctors()
        if one.is_active or one.pk in found
    ]
    listed += [(None, str(WITHOUT_VISIT), "")] if None in found else []
    return [
        with_kept({"key": key, "doctor": name, "department": of} | found.get(key, NOTHING))
        for key, name, of in listed
    ]


@question(
    "revenue-per-method",
    title=_("Money received and refunded per method"),
    definition=_(
        "Received: payments by the day on which the money came. Refunded: by the day on which it was sent or "
        "handed out, with the method of the payment that is refunded."
    ),
    permission="reports.view_money",
    columns=(
        Column("method", _("Method"), Kind.TEXT),
        Column("payments", _("Payments"), behind=Behind(Payment, payments, "method")),
        *(received("method"), refunded("payment__method"), KEPT),
    ),
    filters=PLACES,
    chart=Chart.BARS,
    is_own=False,
)
def per_method(scope: Scope) -> list[Row]:
    found = {method.value: NOTHING | {"payments": 0} for method in Method}
    for (_branch, _doctor, name, method), [total, number] in money_by_doctor.figures(scope).items():
        if name != "billed":
            found[method][name] += rupees(total)
        if name == "received":
            found[method]["payments"] += number
    return [
        with_kept({"key": method.value, "method": method.label} | found[method.value]) for method in Method
    ]
