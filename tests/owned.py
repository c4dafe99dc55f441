"""A household with a row of each patient-owned model, for the tests of who sees which row.

Each folder of tests creates the rows of its models in `owned.py`, with functions marked `@row_of(Model)`,
one for each state that opens different pages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from importlib import import_module
from pathlib import Path

from django.db.models import Model

from accounts.models import Patient, PatientOwned, User
from accounts.roles import STAFF_ROLES
from scheduling.models import Doctor
from scheduling.services import book_appointment
from tests.factories import GuardianshipFactory, PatientFactory, at, doctor_with_hours, staff

TESTS = Path(__file__).parent


def every_half_hour() -> Iterator[datetime]:
    return (at(hour, minute) for hour in range(9, 19) for minute in (0, 30))


@dataclass
class Household:
    """A carer, a patient, their doctor (who has every staff role), and their rows."""

    carer: User
    doctor: Doctor
    patient: Patient
    rows: list[PatientOwned] = field(default_factory=list)
    times: Iterator[datetime] = field(default_factory=every_half_hour)

    def new_patient(self) -> Patient:
        return self.adopt(PatientFactory())

    def adopt(self, patient: Patient) -> Patient:
        """Give the carer a guardianship for another patient."""
        return GuardianshipFactory(user=self.carer, patient=patient, relation="child").patient

    def treated_patient(self) -> Patient:
        """The carer's patient, with an appointment with the doctor."""
        if not self.patient.appointments.exists():
            time = self.next_time()
            book_appointment(patient=self.patient, doctor=self.doctor, starts_at=time, by=self.carer)
        return self.patient

    def next_time(self) -> datetime:
        """The next free time of the doctor."""
        return next(self.times)


_makers: dict[type[Model], list[Callable[[Household], PatientOwned]]] = {}


def row_of(model: type[PatientOwned]) -> Callable:
    """Register a function that creates a row of the model for a household."""

    def add(maker):
        _makers.setdefault(model, []).append(maker)
        return maker

    return add


def makers() -> dict[type[Model], list[Callable[[Household], PatientOwned]]]:
    for path in sorted(TESTS.glob("*/owned.py")):
        import_module(f"tests.{path.parent.name}.owned")
    return _makers


def make_household() -> Household:
    """A household with a row from each registered function."""
    carer = GuardianshipFactory(relation="self").user
    doctor = doctor_with_hours(ends_at=time(19), user=staff(*STAFF_ROLES))
    household = Household(carer, doctor, carer.guardianships.get().patient)
    household.rows = [make(household) for made in makers().values() for make in made]
    return household
