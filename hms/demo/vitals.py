"""Vital signs of the visits: the size of a person or a growing child, and values that fit the complaint."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from accounts.models import Patient
from clinical.models import VitalSigns
from clinical.services import record_past_vitals
from clinical.statuses import GlucoseKind
from clinical.vitals import growth
from clinical.vitals.measures import VITALS
from clinical.vitals.ranges import usual_range
from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.complaints import Reason
from hms.demo.data.courses import DIABETES, HYPERTENSION
from hms.demo.health import Health, Healths
from hms.demo.logins import Team
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus as Status

PORTION = 500
SEEN = (Status.ARRIVED, Status.IN_CONSULTATION, Status.COMPLETED)
SHARE_MEASURED, SHARE_WAITING_MEASURED, SHARE_FULLY = 0.85, 0.5, 0.4
GAIN_PER_WEEK = 0.35  # kg, of pregnancy
MEASURE_LITTLE = {"dermatology", "psychiatry", "ophthalmology"}
FEVER = ("fever", "dengue", "102 f")
PAIN = ("pain", "ache", "hurts", "burning")
BREATH = ("cough", "wheez", "breath")
SIZES = {"male": (167, 6.5), "female": (154, 6.0)}  # mean and deviation of the height of adults, cm
AT_5 = {"height": 110, "weight": 18}
GROWN_AT, BLOOD_PRESSURE_FROM, LENGTH_LAST_AT = 17, 6, 5  # years
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Build:
    """What stays the same in a person from visit to visit."""

    patient: Patient
    health: Health
    percentile: int
    height: float
    body_mass: float

    @classmethod
    def of(cls, patient: Patient, health: Health, chance: Chance) -> "Build":
        mean, deviation = SIZES.get(patient.gender, SIZES["female"])
        return cls(
            patient=patient,
            health=health,
            percentile=chance.randint(8, 92),
            height=chance.gauss(mean, deviation),
            body_mass=min(36, max(17.5, chance.gauss(24.5, 3.5))),
        )

    def size(self, day: date) -> tuple[float, float]:
        """Height in cm and weight in kg on a day."""
        age = (day - self.patient.date_of_birth).days
        weight = self.body_mass * (self.height / 100) ** 2
        if age > growth.LAST_DAY or self.patient.gender not in growth.SEXES:
            grown = min(1, max(0, (age / DAYS_PER_YEAR - LENGTH_LAST_AT) / (GROWN_AT - LENGTH_LAST_AT)))
            start = AT_5["height"], AT_5["weight"]
            return tuple(
                low + grown * (high - low) for low, high in zip(start, (self.height, weight), strict=True)
            )
        day_of_age = range(age, age + 1)
        kinds = (growth.HEIGHT, growth.WEIGHT)
        return tuple(
            growth.curve(kind, self.patient.gender, self.percentile, day_of_age)[0][1] for kind in kinds
        )


def record_vitals_of_visits(
    team: Team, healths: Healths, reasons: dict[str, Reason], chance: Chance, now: datetime
) -> None:
    """Write the vital signs of the visits that have begun, patient by patient."""
    visits = Appointment.objects.filter(status__in=SEEN, arrived_at__isnull=False)
    assisted = set(team.nurse.nurse.doctors.values_list("pk", flat=True))
    waiting: list[VitalSigns] = []
    in_order = visits.select_related("patient", "doctor__department").order_by("patient__mrn", "starts_at")
    for patient, theirs in groupby(in_order, lambda visit: visit.patient):
        luck = chance.part(patient.mrn)
        build = Build.of(patient, healths.of(patient), luck)
        waiting += _of_patient(build, list(theirs), reasons, luck, now)
        if len(waiting) >= PORTION:
            _write(waiting, assisted, team)
            waiting = []
    _write(waiting, assisted, team)


def _write(rows: list[VitalSigns], assisted: set[int], team: Team) -> None:
    for vitals in rows:
        vitals.recorded_by = team.nurse if vitals.appointment.doctor_id in assisted else None
    record_past_vitals(rows=rows, by=SYSTEM)


def _of_patient(
    build: Build, visits: list[Appointment], reasons: dict[str, Reason], chance: Chance, now: datetime
) -> Iterator[VitalSigns]:
    for number, visit in enumerate(visits):
        is_measured = chance.happens(_share_measured(build, visit))
        measured_at = min(now, _moment(visit, chance))
        if is_measured and measured_at >= visit.arrived_at:
            yield VitalSigns(
                reference=chance.reference(),
                patient=build.patient,
                appointment=visit,
                measured_at=measured_at,
                recorded_at=measured_at,
                **_measured(build, visit, reasons[visit.reference].said.lower(), number, chance),
            )


def _share_measured(build: Build, visit: Appointment) -> float:
    """Children always, because doses depend on the weight; the long ill always, to follow them."""
    department, day = visit.doctor.department.slug, timezone.localdate(visit.starts_at)
    if visit.status == Status.ARRIVED:
        return SHARE_WAITING_MEASURED
    if build.patient.is_minor or build.health.courses_on(day, department):
        return 1
    return SHARE_MEASURED * (0.4 if department in MEASURE_LITTLE else 1)


def _moment(visit: Appointment, chance: Chance) -> datetime:
    """While the patient waits."""
    waited = (visit.started_at or visit.arrived_at + timedelta(minutes=10)) - visit.arrived_at
    return visit.arrived_at + waited * chance.uniform(0.2, 0.9)


def _measured(build: Build, visit: Appointment, said: str, number: int, chance: Chance) -> dict:
    """All values of one visit; `number` counts the visits of the patient."""
    day = timezone.localdate(visit.starts_at)
    months = max(0, (day - build.patient.date_of_birth).days * 12 // 365)
    has_fever, is_breathless = (any(word in said for word in words) for words in (FEVER, BREATH))
    values = {
        "temperature_c": chance.uniform(38.1, 39.4) if has_fever else chance.uniform(36.5, 37.3),
        "pulse": _within("pulse", months, chance) + (chance.randint(10, 22) if has_fever else 0),
        "oxygen_saturation": chance.randint(*(93, 96) if is_breathless else (96, 99)),
    }
    height, weight = build.size(day)
    weight += (build.health.weeks_on(day) or 0) * GAIN_PER_WEEK
    values["weight_kg"] = weight * chance.uniform(0.985, 1.015)
    if number == 0 or months < GROWN_AT * 12:
        values["height_cm"] = height
    if months >= BLOOD_PRESSURE_FROM * 12:
        is_high = build.health.has(HYPERTENSION, day) or "blood pressure" in said
        values |= _blood_pressure(is_high, months, number, chance)
    if any(word in said for word in PAIN):
        values["pain"] = chance.randint(2, 7)
    if chance.happens(SHARE_FULLY):
        values |= {"respirations": _within("respirations", months, chance)}
        full = {"on_oxygen": False, "consciousness": "A"}
    else:
        full = {}
    if DIABETES in build.health.courses_on(day, visit.doctor.department.slug):
        values["glucose_mg_dl"] = max(116, 206 - 27 * number) + chance.randint(-6, 6)
        full["glucose_kind"] = GlucoseKind.FASTING
    return {name: VITALS[name].rounded(Decimal(value)) for name, value in values.items()} | full


def _within(name: str, months: int, chance: Chance) -> float:
    """A value in the middle of the usual range."""
    low, high = usual_range(name, months)
    return chance.uniform(low + (high - low) * 0.15, high - (high - low) * 0.25)


def _blood_pressure(is_high: bool, months: int, number: int, chance: Chance) -> dict[str, float]:
    """Usual for the age; where it is too high it comes down from visit to visit."""
    systolic = _within("systolic", months, chance)
    if is_high:
        systolic = max(128, 160 - 9 * number) + chance.randint(-6, 6)
    return {"systolic": systolic, "diastolic": systolic * 0.62 + chance.randint(-4, 4)}
