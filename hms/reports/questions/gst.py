from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from operator import add

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from billing.models import InvoiceLine
from billing.querysets import NOT_YET_BOOKED
from billing.statuses import InvoiceStatus, Treatment
from hms.reports.parts import Figure, part
from hms.reports.question import PLACES, Column, Kind, Row, question
from hms.reports.questions.revenue import paise, rupees
from hms.reports.scope import Scope

TAXES = ("taxable_value", "cgst", "sgst", "igst", "total")


@part("gst", merged=(add,) * (1 + len(TAXES)), by_doctor=False)
def taxed(scope: Scope) -> Iterator[Figure]:
    """Lines of bills, with their amounts in paise, by branch, treatment, rate and code."""
    lines = InvoiceLine.objects.exclude(invoice__status=InvoiceStatus.VOID)
    lines = lines.exclude(invoice__appointment__status__in=NOT_YET_BOOKED)
    lines = scope.within(lines, "invoice__created_at", "invoice__appointment")
    sums = {f"sum_{name}": Sum(name) for name in TAXES}
    groups = lines.values_list("invoice__appointment__branch", "treatment", "rate", "sac")
    for branch, treatment, rate, sac, number, *amounts in groups.annotate(lines=Count("pk"), **sums):
        yield (branch, None, treatment, str(rate), sac), [number, *map(paise, amounts)]


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
    found: dict = defaultdict(lambda: [0] * (1 + len(TAXES)))
    for (_branch, _doctor, treatment, rate, sac), numbers in taxed.figures(scope).items():
        key = treatment, Decimal(rate), sac
        found[key] = list(map(add, found[key], numbers))
    return [
        {"treatment": Treatment(treatment).label, "rate": rate, "sac": sac, "lines": lines}
        | {name: rupees(amount) for name, amount in zip(TAXES, amounts, strict=True)}
        for (treatment, rate, sac), (lines, *amounts) in sorted(found.items())
    ]
