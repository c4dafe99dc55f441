"""Diseases of which the authorities must be told: the list and the cases.

A case is a diagnosis with a code of the list in a signed visit record, provisional ones included. Diagnoses
without a code are in no list.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from audit.capture.context import audit_context
from clinical.models import Diagnosis, NotifiableDisease
from clinical.statuses.encounters import SIGNED
from hms.core.days import midnight
from hms.core.rights import require, require_to_save
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment

TUBERCULOSIS = "Notification of the Ministry of Health and Family Welfare of 16 March 2018"
IDSP = "Integrated Disease Surveillance Programme, form P"
FIRST = (
    ("Tuberculosis", "A15, A16, A17, A18, A19", TUBERCULOSIS),
    ("Acute diarrhoeal disease", "A08, A09", IDSP),
    ("Acute encephalitis syndrome", "A83, A84, A85, A86, G04", IDSP),
    ("Bacillary dysentery", "A03", IDSP),
    ("Chickenpox", "B01", IDSP),
    ("Chikungunya", "A92.0", IDSP),
    ("Cholera", "A00", IDSP),
    ("Dengue", "A90, A91, A97", IDSP),
    ("Diphtheria", "A36", IDSP),
    ("Enteric fever", "A01", IDSP),
    ("Leptospirosis", "A27", IDSP),
    ("Malaria", "B50, B51, B52, B53, B54", IDSP),
    ("Measles", "B05", IDSP),
    ("Meningitis", "A39, G00, G01, G02, G03", IDSP),
    ("Pertussis", "A37", IDSP),
    ("Snake bite", "T63.0", IDSP),
    ("Viral hepatitis", "B15, B16, B17, B18, B19", IDSP),
)


@dataclass(frozen=True)
class Case:
    diagnosis: Diagnosis
    diseases: list[NotifiableDisease]

    @property
    def visit(self) -> Appointment:
        return self.diagnosis.encounter.appointment


def notifiable_cases(*, first: date, last: date, by) -> list[Case]:
    """The cases of the days, both included, among the records that the person may read."""
    require(by, "clinical.view_diagnosis")
    diseases = list(NotifiableDisease.objects.filter(is_active=True))
    if not diseases:
        return []
    known = Diagnosis.objects.order_by().values_list("code", flat=True).distinct()  # few, by an index
    codes = [code for code in known if any(means(one, code) for one in diseases)]
    rows = Diagnosis.objects.visible_to(by).filter(code__in=codes)
    rows = _of_days(rows, first, last).select_related("patient", "encounter__appointment__doctor__department")
    ordered = rows.order_by("encounter__appointment__starts_at", "pk")
    return [Case(row, [one for one in diseases if means(one, row.code)]) for row in ordered]


@retried_atomic
def save_notifiable_disease(*, disease: NotifiableDisease, by) -> NotifiableDisease:
    require_to_save(by, disease)
    disease.full_clean()
    disease.save()
    return disease


@retried_atomic
def load_first_notifiable_diseases() -> list[str]:
    """Write the list that comes with the software; does nothing if there is one."""
    if NotifiableDisease.objects.exists():
        return []
    with audit_context(reason="Came with the software"):
        for name, codes, source in FIRST:
            NotifiableDisease.objects.create(name=name, codes=codes, source=source)
    return [f"{len(FIRST)} notifiable diseases have been added."]


def _of_days(rows: QuerySet, first: date, last: date) -> QuerySet:
    begins, ends = midnight(first), midnight(last + timedelta(days=1))
    days = {"encounter__appointment__starts_at__gte": begins, "encounter__appointment__starts_at__lt": ends}
    return rows.filter(encounter__status__in=SIGNED, **days)


def means(disease: NotifiableDisease, code: str) -> bool:
    return code.startswith(tuple(disease.codes.split(", ")))
