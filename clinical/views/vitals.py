from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Guardianship, Patient
from clinical.models import VitalSigns
from clinical.vitals.readings import Latest, latest_vitals
from clinical.vitals.trends import Trend, growth_trends, trends_of
from scheduling.own import people_with_records


@dataclass(frozen=True)
class PatientVitals:
    """The vital signs of one patient, newest first; charts are drawn for one patient at a time."""

    patient: Patient
    rows: list[VitalSigns]

    @property
    def latest(self) -> list[Latest]:
        return latest_vitals(self.rows, born=self.patient.date_of_birth)

    @property
    def growth_trends(self) -> list[Trend]:
        return growth_trends(self.rows, gender=self.patient.gender, born=self.patient.date_of_birth)

    @property
    def trends(self) -> list[Trend]:
        return trends_of(self.rows, gender=self.patient.gender, born=self.patient.date_of_birth)


@login_required
@require_safe
def list_vitals(request):
    people, person = people_with_records(request)
    shown = [person] if person else people
    lists = lists_of(request.user, shown)
    context = {
        "lists": lists,
        "has_charts": len(lists) == 1,
        "people": people,
        "person": person.patient if person else None,
    }
    return render(request, "clinical/list_vitals.html", context)


def lists_of(user, people: list[Guardianship]) -> list[PatientVitals]:
    patients = [guardianship.patient for guardianship in people]
    found = VitalSigns.objects.visible_to(user).filter(patient__in=patients).valid()
    rows = found.order_by("patient_id", "-measured_at", "-pk")
    by_patient = {key: list(some) for key, some in groupby(rows, lambda row: row.patient_id)}
    return [PatientVitals(patient, by_patient.get(patient.pk, [])) for patient in patients]
