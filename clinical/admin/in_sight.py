"""What a doctor must see of a patient during the whole visit."""

from dataclasses import dataclass
from functools import cached_property

from clinical.models import Allergy, Encounter
from scheduling.models import Appointment

LAST_VISITS = 3


@dataclass
class InSight:
    user: object
    appointment: Appointment

    @property
    def patient(self):
        return self.appointment.patient

    @cached_property
    def allergies(self) -> list[Allergy]:
        """Current allergies, or the statement that none is known; empty if nobody has asked."""
        rows = Allergy.objects.visible_to(self.user).filter(patient=self.patient).current()
        return list(rows.order_by("-criticality", "substance"))

    @cached_property
    def last_visits(self) -> list[Encounter]:
        rows = Encounter.objects.visible_to(self.user).filter(patient=self.patient)
        others = rows.exclude(appointment=self.appointment).select_related("appointment__doctor")
        return list(others.prefetch_related("diagnoses").order_by("-appointment__starts_at")[:LAST_VISITS])
