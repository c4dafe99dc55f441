"""What a person's own pages say about health at a glance, for each patient whose records they may see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Guardianship, Patient
from clinical.models import Allergy, CurrentMedicine, LabResult, PrescriptionItem, VitalSigns
from clinical.vitals.readings import Latest, latest_vitals

NEW_FOR = timedelta(days=14)
MOST_MEASURED, MOST_SHOWN = 60, 4


@dataclass
class Overview:
    patient: Patient
    allergies: list[Allergy] = field(default_factory=list)
    medicines: list[str] = field(default_factory=list)
    measured: list[VitalSigns] = field(default_factory=list)
    new_results: int = 0

    def add_measured(self, vitals: VitalSigns) -> None:
        if len(self.measured) < MOST_MEASURED:
            self.measured.append(vitals)

    def add_result(self, _result: LabResult) -> None:
        self.new_results += 1

    @property
    def vitals(self) -> list[Latest]:
        return latest_vitals(self.measured, born=self.patient.date_of_birth)[:MOST_SHOWN]

    @property
    def is_empty(self) -> bool:
        return not (self.allergies or self.medicines or self.measured or self.new_results)


def overviews(user, people: list[Guardianship]) -> list[Overview]:
    """One for each patient about whom there is something to say; five queries for any number."""
    found = {each.patient_id: Overview(each.patient) for each in people if each.may_see_records}
    if not found:
        return []
    for rows, add in _sources(user):
        for row in rows.filter(patient__in=list(found)):
            add(found[row.patient_id], row)
    return [overview for overview in found.values() if not overview.is_empty]


def _sources(user) -> Iterator[tuple[QuerySet, Callable]]:
    """The rows that count, and how each is added to the overview of its patient."""
    since = timezone.now() - NEW_FOR
    prescribed = PrescriptionItem.objects.visible_to(user).in_force(timezone.localdate())
    yield Allergy.objects.visible_to(user).current(), lambda one, row: one.allergies.append(row)
    yield CurrentMedicine.objects.visible_to(user).active(), lambda one, row: one.medicines.append(str(row))
    yield prescribed, lambda one, row: one.medicines.append(row.title)
    yield VitalSigns.objects.visible_to(user).valid().order_by("-measured_at"), Overview.add_measured
    yield (
        LabResult.objects.visible_to(user).for_patients().filter(acknowledged_at__gte=since),
        Overview.add_result,
    )
