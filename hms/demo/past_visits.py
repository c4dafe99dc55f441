"""When a doctor has seen each patient: what the demo lists of patients was recorded at these visits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Patient, User
from scheduling.access import visits_with
from scheduling.statuses import HERE, AppointmentStatus


@dataclass(frozen=True)
class PastVisits:
    """The visits of one patient, the first one first."""

    patient: Patient
    began_at: list[datetime]

    @property
    def first(self) -> datetime:
        return self.began_at[0]

    def since(self, day: date | None) -> datetime:
        """The first visit on or after the day, or else the last one."""
        later = (at for at in self.began_at if day is None or timezone.localdate(at) >= day)
        return next(later, self.began_at[-1])


def past_visits_to(doctor: User, most: int | None = None) -> Iterator[PastVisits]:
    """The first of the hospital's patients whom the doctor has seen."""
    seen = visits_with(doctor).filter(status__in=HERE | {AppointmentStatus.COMPLETED}).order_by("starts_at")
    visits: dict[int, list[datetime]] = {}
    for patient, starts_at in seen.filter(starts_at__lte=timezone.now()).values_list("patient", "starts_at"):
        visits.setdefault(patient, []).append(starts_at)
    for patient in Patient.objects.filter(pk__in=visits).order_by("mrn")[:most]:
        yield PastVisits(patient, visits[patient.pk])
