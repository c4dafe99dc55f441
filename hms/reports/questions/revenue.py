from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, InvoiceLine, Payment, Refund
from billing.querysets import NOT_YET_BOOKED
from billing.statuses import InvoiceStatus, Method, PaymentStatus, RefundStatus, Treatment
from hms.reports.question import IN_TIME, PLACES, Behind, Chart, Column, Kind, Row, question
from hms.reports.scope import Scope

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


NOTHING = {name: ZERO for name, *_source in SOURCES}


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
    parts = [
        scope.by_period(rows(scope), moment, {name: ZERO}, **{name: Sum(amount)})
        for name, rows, moment, amount, _path in SOURCES
    ]
    return [with_kept(one | two | three) for one, two, three in zip(*parts, strict=True)]


def summed(scope: Scope, to_group: str) -> dict:
    """The three amounts of each group; `to_group` is the path from the appointment."""
    found: dict = {}
    for name, rows, _moment, amount, path in SOURCES:
        counted = rows(scope).annotate(group=F(f"{path}__{to_group}")).values_list("group")
        for group, total in counted.annotate(total=Sum(amount)):
            found.setdefault(group, dict(NOTHING))[name] = total
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
    found = summed(scope, "doctor__department")
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
    found = summed(scope, "doctor")
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
    came = payments(scope).values_list("method").annotate(total=Sum("amount"), number=Count("pk"))
    paid = {method: (total, number) for method, total, number in came}
    back = dict(refunds(scope).values_list("payment__method").annotate(total=Sum("amount")))
    return [
        with_kept(
            {
                "key": method.value,
                "method": method.label,
                "payments": paid.get(method.value, (ZERO, 0))[1],
                "received": paid.get(method.value, (ZERO, 0))[0],
                "refunded": back.get(method.value, ZERO),
            }
        )
        for method in Method
    ]


@question(
    "gst",
    not_listed=_("A bill may have lines of several kinds. The bills are behind the numbers of the revenue."),
    title=_("GST summary"),
    definition=_(
        "Lines of bills by treatment, rate and service code (SAC), by the day on which the bill was opened; "
        "without void bills and those of times that were never booked. Refunds are not taken off."
    ),
    permission="reports.view_money",
    columns=(
        Column("treatment", _("Treatment"), Kind.TEXT),
        Column("rate", _("Rate (%)"), Kind.NUMBER),
        Column("sac", _("SAC"), Kind.TEXT),
        Column("lines", _("Lines")),
        Column("taxable_value", _("Before tax"), Kind.MONEY),
        *(Column(name, name.upper(), Kind.MONEY) for name in ("cgst", "sgst", "igst")),
        Column("total", _("Total"), Kind.MONEY),
    ),
    filters=PLACES,
    is_own=False,
)
def gst(scope: Scope) -> list[Row]:
    lines = InvoiceLine.objects.filter(invoice__in=bills(scope).values("pk")).order_by()
    sums = {f"sum_{name}": Sum(name) for name in TAXES}
    groups = lines.values("treatment", "rate", "sac").annotate(lines=Count("pk"), **sums)
    return [
        {
            "treatment": Treatment(group["treatment"]).label,
            "rate": group["rate"],
            "sac": group["sac"],
            "lines": group["lines"],
        }
        | {name: group[f"sum_{name}"] for name in TAXES}
        for group in sorted(groups, key=lambda group: (group["treatment"], group["rate"], group["sac"]))
    ]
