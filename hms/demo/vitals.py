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
from hms.demo.logins import Team
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus as Status

PORTION = 500
SEEN = (Status.ARRIVED, Status.IN_CONSULTATION, Status.COMPLETED)
SHARE_MEASURED, SHARE_WAITING_MEASURED, SHARE_FULLY = 0.85, 0.5, 0.4
DIABETES = "diabetes-endocrinology"
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
    percentile: int
    height: float
    body_mass: float
    is_hypertensive: bool
    is_diabetic: bool

    @classmethod
    def of(cls, patient: Patient, chance: Chance) -> "Build":
        years = patient.age
        mean, deviation = SIZES.get(patient.gender, SIZES["female"])
        return cls(
            patient=patient,
            percentile=chance.randint(8, 92),
            height=chance.gauss(mean, deviation),
            body_mass=min(36, max(17.5, chance.gauss(24.5, 3.5))),
            is_hypertensive=years >= 40 and chance.happens(0.35),
            is_diabetic=years >= 35 and chance.happens(0.2),
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


def record_vitals_of_visits(team: Team, chance: Chance, now: datetime) -> None:
    """Write the vital signs of the visits that have begun, patient by patient."""
    visits = Appointment.objects.filter(status__in=SEEN, arrived_at__isnull=False)
    assisted = set(team.nurse.nurse.doctors.values_list("pk", flat=True))
    waiting: list[VitalSigns] = []
    in_order = visits.select_related("patient", "doctor__department").order_by("patient__mrn", "starts_at")
    for patient, theirs in groupby(in_order, lambda visit: visit.patient):
        waiting += _of_patient(patient, list(theirs), chance.part(patient.mrn), now)
        if len(waiting) >= PORTION:
            _write(waiting, assisted, team)
            waiting = []
    _write(waiting, assisted, team)


def _write(rows: list[VitalSigns], assisted: set[int], team: Team) -> None:
    for vitals in rows:
        vitals.recorded_by = team.nurse if vitals.appointment.doctor_id in assisted else None
    record_past_vitals(rows=rows, by=SYSTEM)


def _of_patient(
    patient: Patient, visits: list[Appointment], chance: Chance, now: datetime
) -> Iterator[VitalSigns]:
    build = Build.of(patient, chance)
    for number, visit in enumerate(visits):
        share = SHARE_WAITING_MEASURED if visit.status == Status.ARRIVED else SHARE_MEASURED
        is_measured = chance.happens(share * (0.4 if visit.doctor.department.slug in MEASURE_LITTLE else 1))
        measured_at = min(now, _moment(visit, chance))
        if is_measured and measured_at >= visit.arrived_at:
            yield VitalSigns(
                reference=chance.reference(),
                patient=patient,
                appointment=visit,
                measured_at=measured_at,
                recorded_at=measured_at,
                **_measured(build, visit, number, chance),
            )


def _moment(visit: Appointment, chance: Chance) -> datetime:
    """While the patient waits."""
    waited = (visit.started_at or visit.arrived_at + timedelta(minutes=10)) - visit.arrived_at
    return visit.arrived_at + waited * chance.uniform(0.2, 0.9)


def _measured(build: Build, visit: Appointment, number: int, chance: Chance) -> dict:
    """All values of one visit; `number` counts the visits of the patient."""
    day, said = timezone.localdate(visit.starts_at), visit.symptoms.lower()
    months = max(0, (day - build.patient.date_of_birth).days * 12 // 365)
    has_fever, is_breathless = (any(word in said for word in words) for words in (FEVER, BREATH))
    values = {
        "temperature_c": chance.uniform(38.1, 39.4) if has_fever else chance.uniform(36.5, 37.3),
        "pulse": _within("pulse", months, chance) + (chance.randint(10, 22) if has_fever else 0),
        "oxygen_saturation": chance.randint(*(93, 96) if is_breathless else (96, 99)),
    }
    height, weight = build.size(day)
    values["weight_kg"] = weight * chance.uniform(0.985, 1.015)
    if number == 0 or months < GROWN_AT * 12:
        values["height_cm"] = height
    if months >= BLOOD_PRESSURE_FROM * 12:
        is_high = build.is_hypertensive or "blood pressure" in said
        values |= _blood_pressure(is_high, months, number, chance)
    if any(word in said for word in PAIN):
        values["pain"] = chance.randint(2, 7)
    if chance.happens(SHARE_FULLY):
        values |= {"respirations": _within("respirations", months, chance)}
        full = {"on_oxygen": False, "consciousness": "A"}
    else:
        full = {}
    if build.is_diabetic or visit.doctor.department.slug == DIABETES:
        values["glucose_mg_dl"] = max(104, 168 - 9 * number) + chance.randint(-12, 12)
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
        systolic = max(130, 158 - 6 * number) + chance.randint(-6, 6)
    return {"systolic": systolic, "diastolic": systolic * 0.62 + chance.randint(-4, 4)}
