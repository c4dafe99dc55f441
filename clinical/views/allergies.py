from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Guardianship, Patient
from clinical.models import Allergy
from scheduling.own import people_with_records


@dataclass(frozen=True)
class AllergyList:
    """The list of one patient; empty if nobody has asked."""

    patient: Patient
    rows: list[Allergy]

    @property
    def current(self) -> list[Allergy]:
        return [row for row in self.rows if row.is_current and not row.is_none_known]

    @property
    def past(self) -> list[Allergy]:
        return [row for row in self.rows if not row.is_current and not row.is_none_known]

    @property
    def none_known(self) -> Allergy | None:
        return next((row for row in self.rows if row.is_current and row.is_none_known), None)


@login_required
@require_safe
def list_allergies(request):
    people, person = people_with_records(request)
    shown = [person] if person else people
    context = {
        "lists": lists_of(request.user, shown),
        "people": people,
        "person": person.patient if person else None,
    }
    return render(request, "clinical/list_allergies.html", context)


def lists_of(user, people: list[Guardianship]) -> list[AllergyList]:
    patients = [guardianship.patient for guardianship in people]
    found = Allergy.objects.visible_to(user).filter(patient__in=patients).not_in_error()
    rows = found.order_by("patient_id", "-recorded_at", "-pk")
    by_patient = {key: list(some) for key, some in groupby(rows, lambda row: row.patient_id)}
    return [AllergyList(patient, by_patient.get(patient.pk, [])) for patient in patients]
