from datetime import timedelta

from django.db.models import BigIntegerField, Case, Count, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models.patient import Gender
from hms.core.days import midnight
from hms.reports import listed
from hms.reports.question import PLACES, Column, Kind, Row, question
from hms.reports.scope import Scope

GENDERS = {"women": Gender.FEMALE, "men": Gender.MALE}
OTHERS = [one for one in Gender.values if one not in GENDERS.values()]


@question(
    "quarterly-counts",
    title=_("Outpatients by quarter"),
    definition=_(
        "Visits whose patients came, and different patients, in each quarter of the calendar year, as far as "
        "it lies within the days. Other: other and unknown genders."
    ),
    permission="reports.view_visits",
    columns=(
        Column("quarter", _("Quarter"), Kind.TEXT),
        Column("visits", _("Visits"), is_drawn=True, behind=listed.visits()),
        Column("patients", _("Patients"), is_drawn=True, behind=listed.patients()),
        Column("women", _("Women"), behind=listed.patients(patient__gender=Gender.FEMALE)),
        Column("men", _("Men"), behind=listed.patients(patient__gender=Gender.MALE)),
        Column("other", _("Other"), behind=listed.patients(patient__gender__in=OTHERS)),
    ),
    filters=PLACES,
    has_total=False,
)
def quarterly_counts(scope: Scope) -> list[Row]:
    quarters = quarters_between(scope.first, scope.last)
    cases = [
        When(starts_at__lt=midnight(_after(first)), then=Value(number))
        for number, first in enumerate(quarters)
    ]
    counts = {
        name: Count("patient", filter=Q(patient__gender=gender), distinct=True)
        for name, gender in GENDERS.items()
    }
    numbered = scope.visits().annotate(number=Case(*cases, output_field=BigIntegerField())).values("number")
    counted = numbered.annotate(visits=Count("pk"), patients=Count("patient", distinct=True), **counts)
    found = {row.pop("number"): row for row in counted}
    rows = [
        {
            "quarter": f"{first.year} Q{first.month // 3 + 1}",
            "days": (max(first, scope.first), min(_after(first) - timedelta(days=1), scope.last)),
        }
        | found.get(number, {"visits": 0, "patients": 0, "women": 0, "men": 0})
        for number, first in enumerate(quarters)
    ]
    return [row | {"other": row["patients"] - row["women"] - row["men"]} for row in rows]


def quarters_between(first, last) -> list:
    """The first day of each quarter between the days."""
    found = [first.replace(month=(first.month - 1) // 3 * 3 + 1, day=1)]
    while (following := _after(found[-1])) <= last:
        found.append(following)
    return found


def _after(quarter):
    return quarter.replace(year=quarter.year + quarter.month // 10, month=(quarter.month + 2) % 12 + 1)
