"""Why a member of staff reads the record of a patient: the one place that knows it."""

from typing import NamedTuple

from django.db.models import Q

from clinical.querysets.emergency import patients_opened_by
from scheduling.access import not_confidential, of_own_doctor, visits_treated_by


class Grounds(NamedTuple):
    """Conditions on the patient of a row; each is a ground by itself."""

    as_doctor: Q
    in_team: Q  # covers for the doctor or assists today; never opens a confidential patient
    in_emergency: Q

    @property
    def any(self) -> Q:
        return self.as_doctor | self.in_team | self.in_emergency


def grounds_of(user, to_patient: str = "patient_id") -> Grounds:
    team = Q(**{f"{to_patient}__in": visits_treated_by(user).values("patient_id")})
    return Grounds(
        as_doctor=of_own_doctor(user, to_patient),
        in_team=team & not_confidential(to_patient),
        in_emergency=Q(**{f"{to_patient}__in": patients_opened_by(user)}),
    )
