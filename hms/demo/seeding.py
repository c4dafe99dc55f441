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
    Diagnosis,
    Encounter,
    LabOrder,
    LabResult,
    OrderSet,
    Phrase,
    Prescription,
    Problem,
    Review,
    VitalSigns,
)
from hms.advice.models import Article
from hms.core.days import local_day
from hms.demo.allergies import record_allergies
from hms.demo.articles import publish_articles
from hms.demo.certificates import issue_certificates
from hms.demo.chance import Chance
from hms.demo.complaints import Complaints
from hms.demo.current_medicines import note_current_medicines
from hms.demo.data.specialities import speciality_of
from hms.demo.diary import BookingRequest, Diary
from hms.demo.directory import add_languages, hire_nurses, open_branches, open_departments, set_up_billing
from hms.demo.doctors import hire_doctors
from hms.demo.feeds import make_feeds
from hms.demo.health import Healths
from hms.demo.histories import Historian
from hms.demo.holds import hold_some, how_many_holds
from hms.demo.laboratory import Laboratory
from hms.demo.logins import email_of, hire_team, open_logins
from hms.demo.patients import FAMILY, Admissions, Visitor
from hms.demo.planning import plan_ahead
from hms.demo.problems import record_problems
from hms.demo.quotas import past_days, seats_per_week, share_out
from hms.demo.regulars import family_requests, give_illnesses, regulars, requests_of_regulars
from hms.demo.reviews import review_visits
from hms.demo.schedules import write_exceptions, write_hours
from hms.demo.shortcuts import keep_shortcuts
from hms.demo.today import keep_clinic_open
from hms.demo.visits import Visits
from hms.demo.vitals import record_vitals_of_visits
from hms.demo.waiting import break_one_visit, how_many_offers, offer_one, put_on_the_list
from scheduling.models import (
    Appointment,
    Branch,
    CalendarFeed,
    Department,
    Doctor,
    Nurse,
    Offer,
    WaitingListEntry,
)
from scheduling.services import purge_claims

VISITS_PER_REQUEST = 3  # at least, so that a small hospital has others too
# A bar on the screen: called with a label and a total, gives a function that moves it on.
Bar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
COUNTED = (
    *(Branch, Department, Doctor, Nurse, User, Patient, Guardianship),
    *(Appointment, Encounter, Diagnosis, VitalSigns, Prescription, CurrentMedicine, Allergy, Problem),
    *(LabOrder, LabResult),
    *(Certificate, Review, Phrase, OrderSet),
    *(Article, CalendarFeed, WaitingListEntry, Offer),
    *(Invoice, Payment, Receipt, Refund),
)


@dataclass(frozen=True)
class Size:
    """How much is wanted, and the number from which all chance follows."""

    seed: int
    doctors: int
    patients: int
    appointments: int
    tax_policy: str | None = None  # of an empty hospital; otherwise the one that is there


class Seeding:
    """One run; every part draws from a stream of chance of its own."""

    def __init__(self, size: Size, bar: Bar):
        self.size, self.bar = size, bar
        self.chance, self.now = Chance(f"seed {size.seed}"), timezone.now()
        self.today = timezone.localdate(self.now)
        self.healths = Healths(self.chance.part("healths"), self.today)

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
        self._write_records()
        make_feeds(self.team.doctor)
        keep_shortcuts(self.doctors[0], admin=self.team.admin)
        plan_ahead(self.doctors[0], self.team.admin)
        issue_certificates(self.team.doctor, self.chance.part("certificates"))
        review_visits(self.team, self.chance.part("reviews"))
        purge_claims(before=local_day(self.today)[0])
        return {name: number - before[name] for name, number in count().items()}

    def _open_clinic(self) -> None:
        by, today = self.team.admin, self.today
        set_up_billing(self.size.tax_policy, by)
        publish_articles(by)
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
        held = self._hold(visitors) + self._offer(visitors)
        give_illnesses(visitors, self.healths)
        followed = regulars(visitors[len(FAMILY) :], self.size.appointments, self.healths, self.now)
        diary = Diary(
            doctors=self.doctors,
            visitors=[visitor for visitor in visitors[len(FAMILY) :] if visitor not in followed],
            requests=self._requests(visitors, followed),
            chance=self.chance.part("diary"),
            now=self.now,
        )
        visits = Visits(
            doctors=self.doctors,
            diary=diary,
            regulars=followed,
            complaints=Complaints(self.healths, self.chance.part("complaints")),
            team=self.team,
            chance=self.chance,
            now=self.now,
        )
        self.reasons = visits.teller.reasons
        quotas = share_out(
            self.size.appointments - held, patients=len(visitors), seats=self.seats, today=self.today
        )
        with self.bar("Visits", self.size.appointments - held) as step:
            visits.write(quotas, step)
        with self.bar("Payments", len(visits.payments)) as step:
            visits.write_payments(step)
        if how_many_offers(self.size.appointments):
            break_one_visit(visitors[: len(FAMILY)], self.team, self.chance.part("leave"), self.now)

    def _requests(self, visitors: list[Visitor], followed: list[Visitor]) -> list[BookingRequest]:
        doctor, most = self.doctors[0], self.size.appointments // VISITS_PER_REQUEST
        return [
            *family_requests(visitors, doctor, self.today, most),
            *requests_of_regulars(followed, doctor, self.today, self.chance.part("regulars")),
        ]

    def _write_records(self) -> None:
        """What was measured, written, prescribed and found at the visits."""
        doctor, chance = self.team.doctor, self.chance
        record_vitals_of_visits(self.team, self.healths, self.reasons, chance.part("vitals"), self.now)
        historian = Historian(healths=self.healths, reasons=self.reasons, chance=chance.part("histories"))
        written = historian.write()
        record_allergies(doctor, historian.prescribed, chance.part("allergies"))
        record_problems(doctor, self.healths, chance.part("problems"))
        note_current_medicines(doctor, historian.taken(self.today))
        Laboratory(self.team, chance.part("laboratory"), self.now).write(written)

    def _hold(self, visitors: list[Visitor]) -> int:
        wanted = how_many_holds(self.size.appointments)
        return hold_some(wanted, self.doctors, visitors, self.chance.part("holds"))

    def _offer(self, visitors: list[Visitor]) -> int:
        """People who wait, and how many times are held for them, with one to come for a visit."""
        chance, wanted = self.chance.part("waiting"), how_many_offers(self.size.appointments)
        put_on_the_list(self.doctors, visitors, self.team, chance)
        return offer_one(self.doctors[0], visitors[0], chance) + wanted - 1 if wanted else 0


def is_seeded() -> bool:
    return User.objects.filter(email=email_of("admin")).exists()


def count() -> dict[str, int]:
    """How many rows of each kind there are."""
    return {str(model._meta.verbose_name_plural): model._base_manager.count() for model in COUNTED}
