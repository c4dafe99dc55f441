"""What a doctor must see of a patient during the whole visit."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accounts.models import Patient
from clinical.models import (
    Allergy,
    CurrentMedicine,
    EmergencyAccess,
    Encounter,
    PrescriptionItem,
    Problem,
    VitalSigns,
)
from clinical.vitals.readings import Latest, latest_vitals
from clinical.vitals.summary import Summary, last_news2

LAST_VISITS, MOST_MEASURED = 3, 100


@dataclass
class InSight:
    user: object
    patient: Patient
    visit_id: int | None = None  # the appointment that is not one of the last visits

    @cached_property
    def allergies(self) -> list[Allergy]:
        """Current allergies, or the statement that none is known; empty if nobody has asked."""
        rows = Allergy.objects.visible_to(self.user).filter(patient=self.patient).current()
        return list(rows.order_by("-criticality", "substance"))

    @cached_property
    def measured(self) -> list[VitalSigns]:
        rows = VitalSigns.objects.visible_to(self.user).filter(patient=self.patient).valid()
        return list(rows[:MOST_MEASURED])

    @cached_property
    def vitals(self) -> list[Latest]:
        """The last value of each measure with its change."""
        return latest_vitals(self.measured, born=self.patient.date_of_birth)

    @cached_property
    def warning(self) -> Summary | None:
        """The last early warning score of the last hours."""
        return last_news2(self.measured, self.patient, timezone.now())

    @cached_property
    def problems(self) -> list[Problem]:
        rows = Problem.objects.visible_to(self.user).filter(patient=self.patient).current()
        return list(rows.order_by("kind", "title"))

    @cached_property
    def medicines(self) -> list[CurrentMedicine]:
        rows = CurrentMedicine.objects.visible_to(self.user).filter(patient=self.patient).active()
        return list(rows.select_related("medicine"))

    @cached_property
    def prescribed(self) -> list[PrescriptionItem]:
        """Items of valid prescriptions, the latest first."""
        rows = PrescriptionItem.objects.visible_to(self.user).filter(patient=self.patient)
        return list(rows.in_force(timezone.localdate()).order_by("-prescription__signed_at", "position"))

    @cached_property
    def last_visits(self) -> list[Encounter]:
        rows = Encounter.objects.visible_to(self.user).filter(patient=self.patient)
        others = rows.exclude(appointment=self.visit_id).select_related("appointment__doctor")
        return list(others.prefetch_related("diagnoses").order_by("-appointment__starts_at")[:LAST_VISITS])

    @cached_property
    def emergency_access(self) -> EmergencyAccess | None:
        accesses = EmergencyAccess.objects.visible_to(self.user).open()
        return accesses.filter(patient=self.patient, recorded_by=self.user).first()
