"""The demo hospital from the first login to the last receipt, through the services."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from billing.models import Invoice, Payment, Receipt, Refund
from clinical.models import (
    Allergy,
    Certificate,
    CurrentMedicine,
    LabOrder,
    LabResult,
    OrderSet,
    Phrase,
    Prescription,
    Problem,
    Review,
    VitalSigns,
)
from hms.core.days import local_day
from hms.demo.allergies import record_allergies
from hms.demo.certificates import issue_certificates
from hms.demo.chance import Chance
from hms.demo.data.specialities import speciality_of
from hms.demo.diary import Diary
from hms.demo.directory import add_languages, hire_nurses, open_branches, open_departments, print_gstin
from hms.demo.doctors import hire_doctors
from hms.demo.holds import hold_some, how_many_holds
from hms.demo.laboratory import Laboratory
from hms.demo.logins import email_of, hire_team, open_logins
from hms.demo.patients import FAMILY, Admissions, Visitor
from hms.demo.prescriptions import prescribe_for_patients
from hms.demo.problems import record_problems
from hms.demo.quotas import past_days, seats_per_week, share_out
from hms.demo.reviews import review_visits
from hms.demo.schedules import write_exceptions, write_hours
from hms.demo.shortcuts import keep_shortcuts
from hms.demo.today import keep_clinic_open
from hms.demo.visits import Visits, family_requests
from hms.demo.vitals import record_vitals_of_visits
from scheduling.models import Appointment, Branch, Department, Doctor, Nurse
from scheduling.services import purge_claims

# A bar on the screen: called with a label and a total, gives a function that moves it on.
Bar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
COUNTED = (
    *(Branch, Department, Doctor, Nurse, User, Patient, Guardianship),
    *(Appointment, Allergy, Problem, VitalSigns, LabOrder, LabResult, CurrentMedicine, Prescription),
    *(Certificate, Review, Phrase, OrderSet),
    *(Invoice, Payment, Receipt, Refund),
)


@dataclass(frozen=True)
class Size:
    """How much is wanted, and the number from which all chance follows."""

    seed: int
    doctors: int
    patients: int
    appointments: int


class Seeding:
    """One run; every part draws from a stream of chance of its own."""

    def __init__(self, size: Size, bar: Bar):
        self.size, self.bar = size, bar
        self.chance, self.now = Chance(f"seed {size.seed}"), timezone.now()
        self.today = timezone.localdate(self.now)

    def run(self) -> dict[str, int]:
        """Write the hospital; returns how many rows of each kind were added.

        Refuses with `TooManyAppointments` what the doctors could not see in years.
        """
        before = count()
        self.team = hire_team(self.chance.part("team"))
        self.languages = add_languages()
        self._open_clinic()
        visitors = self._admit_patients()
        open_logins([*vars(self.team).values(), *{v.login for v in visitors if v.login}])
        self._write_visits(visitors)
        record_allergies(self.team.doctor, self.chance.part("allergies"))
        record_problems(self.team.doctor, self.chance.part("problems"))
        record_vitals_of_visits(self.team, self.chance.part("vitals"), self.now)
        Laboratory(self.team, self.chance.part("laboratory"), self.now).write()
        prescribe_for_patients(self.team.doctor, self.chance.part("prescriptions"))
        keep_shortcuts(self.doctors[0], admin=self.team.admin)
        issue_certificates(self.team.doctor, self.chance.part("certificates"))
        review_visits(self.team, self.chance.part("reviews"))
        purge_claims(before=local_day(self.today)[0])
        return {name: number - before[name] for name, number in count().items()}

    def _open_clinic(self) -> None:
        by, today = self.team.admin, self.today
        print_gstin(by)
        branches = open_branches(by)
        departments = open_departments(map(speciality_of, range(self.size.doctors)), by)
        self.doctors = hire_doctors(
            self.size.doctors,
            departments,
            self.languages,
            by=by,
            own_login=self.team.doctor,
            chance=self.chance.part("doctors"),
            today=today,
        )
        hire_nurses(self.doctors, self.team, self.chance.part("nurses"), today)
        write_hours(self.doctors, branches, by=by, today=today)
        self.seats = seats_per_week(self.doctors)
        self.past_days = past_days(self.size.appointments, self.seats)
        write_exceptions(self.doctors, branches, by=by, past_days=self.past_days, today=today)
        keep_clinic_open(self.doctors[0], branches[0], by=by, now=self.now)

    def _admit_patients(self) -> list[Visitor]:
        admissions = Admissions(
            desk=self.team.reception,
            languages=self.languages,
            chance=self.chance.part("patients"),
            now=self.now,
        )
        with self.bar("Patients", self.size.patients) as step:
            return admissions.admit(self.size.patients, self.past_days, step)

    def _write_visits(self, visitors: list[Visitor]) -> None:
        held = self._hold(visitors)
        diary = Diary(
            doctors=self.doctors,
            visitors=visitors[len(FAMILY) :],
            requests=family_requests(visitors, self.today) if self.size.appointments else [],
            chance=self.chance.part("diary"),
            now=self.now,
        )
        visits = Visits(doctors=self.doctors, diary=diary, team=self.team, chance=self.chance, now=self.now)
        quotas = share_out(
            self.size.appointments - held, patients=len(visitors), seats=self.seats, today=self.today
        )
        with self.bar("Visits", self.size.appointments - held) as step:
            visits.write(quotas, step)
        with self.bar("Payments", len(visits.payments)) as step:
            visits.write_payments(step)

    def _hold(self, visitors: list[Visitor]) -> int:
        wanted = how_many_holds(self.size.appointments)
        return hold_some(wanted, self.doctors, visitors, self.chance.part("holds"))


def is_seeded() -> bool:
    return User.objects.filter(email=email_of("admin")).exists()


def count() -> dict[str, int]:
    """How many rows of each kind there are."""
    return {str(model._meta.verbose_name_plural): model._base_manager.count() for model in COUNTED}
