"""Figures of prescribing per doctor and month, for the hospital's own review of its prescriptions.

The regulations ask for generic names (Indian Medical Council Regulations 2002, 1.5), and the Drugs Rules
for care with Schedule H1. Drafts do not count.
"""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from clinical.models import Prescription
from clinical.services.prescription_facts import LOCAL_ROUTES
from clinical.statuses import DrugSchedule, PrescriptionStatus
from hms.core.days import midnight
from hms.core.rights import require

ANTIBACTERIALS = (
    *("aminoglycoside", "antibacterial", "cephalosporin", "fluoroquinolone", "lincosamide", "macrolide"),
    *("nitrofuran", "nitroimidazole", "oxazolidinone", "penicillin", "sulfonamide", "tetracycline"),
)
IS_ANTIBACTERIAL = reduce(or_, (Q(items__medicine__classes__contains=name) for name in ANTIBACTERIALS)) & ~Q(
    items__route__in=sorted(LOCAL_ROUTES)
)
COUNTS = {
    "prescriptions": Count("pk", distinct=True),
    "items_count": Count("items", distinct=True),
    "generic": Count("items", distinct=True, filter=Q(items__brand="", items__medicine__isnull=False)),
    # Without a duration and without a quantity nobody knows how much is meant.
    "incomplete": Count(
        "pk", distinct=True, filter=Q(items__duration_days__isnull=True, items__quantity__isnull=True)
    ),
    "antibacterials": Count("pk", distinct=True, filter=IS_ANTIBACTERIAL),
    "h1": Count("pk", distinct=True, filter=Q(items__drug_schedule=DrugSchedule.H1)),
    "overridden": Count("pk", distinct=True, filter=Q(is_overridden=True)),
    "withdrawn": Count("pk", distinct=True, filter=Q(status=PrescriptionStatus.WITHDRAWN)),
}


@dataclass(frozen=True)
class Figures:
    """Counts of one doctor in one month; shares are per cent, rounded half up."""

    doctor: str
    prescriptions: int
    items_count: int
    generic: int
    incomplete: int
    antibacterials: int
    h1: int
    overridden: int
    withdrawn: int

    @property
    def generic_share(self) -> int:
        return share(self.generic, self.items_count)

    @property
    def complete_share(self) -> int:
        return share(self.prescriptions - self.incomplete, self.prescriptions)

    @property
    def antibacterial_share(self) -> int:
        return share(self.antibacterials, self.prescriptions)

    @property
    def h1_share(self) -> int:
        return share(self.h1, self.prescriptions)

    @property
    def overridden_share(self) -> int:
        return share(self.overridden, self.prescriptions)


def figures_of(*, month: date, by) -> list[Figures]:
    """The figures of each doctor who signed in the month; refuses those who do not review prescribing."""
    require(by, "clinical.review_prescribing")
    first = month.replace(day=1)
    signed = Prescription.objects.signed().filter(
        signed_at__gte=midnight(first), signed_at__lt=midnight(following(first))
    )
    rows = signed.order_by("doctor__full_name", "doctor").values("doctor", "doctor__full_name")
    return [
        Figures(doctor=row["doctor__full_name"], **{name: row[name] for name in COUNTS})
        for row in rows.annotate(**COUNTS)
    ]


def following(first: date) -> date:
    """The first day of the next month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def share(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole) if whole else 0
