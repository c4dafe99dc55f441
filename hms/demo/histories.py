"""What doctors wrote at past visits: the record, the prescription, and the results that were ordered."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.utils import timezone

from accounts.models import Gender
from clinical.models import DiagnosisTerm, LabTest, VitalSigns
from clinical.prescribing.line import PrescriptionLine
from clinical.services import DiagnosisLine, PastVisit, record_past_visits
from clinical.services.prescription_lines import line_from
from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.complaints import Reason
from hms.demo.data.cases import Case
from hms.demo.data.courses import ANTENATAL, PREGNANCY, TRIMESTERS, Course, Step
from hms.demo.doses import for_age_and_weight
from hms.demo.health import Health, Healths
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus, VisitMode

NO_ILLNESS = "No long illness known."
AS_IN_PREGNANCY = {"", "compatible"}
# Answers what the check finds: a new dose or a new course of a medicine that is prescribed already.
DEVIATION = (0.985, 1.015)  # of results from what the course says
REASON = "Replaces what was prescribed earlier."


@dataclass
class Written:
    """What one visit comes to, before it is put into rows."""

    visit: Appointment
    diagnoses: list[DiagnosisLine] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    assessment: list[str] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    values: dict[str, float] = field(default_factory=dict)  # results of the tests ordered
    notes: list[str] = field(default_factory=list)  # for the patient, at the results
    back_in_days: int = 0


@dataclass(frozen=True)
class Taken:
    """A line that is prescribed for a long illness, since the day on which it was first."""

    line: str
    since: date


class Historian:
    """Goes through the visits in the order of time and remembers how far each illness has come."""

    def __init__(self, *, healths: Healths, reasons: dict[str, Reason], chance: Chance):
        self.healths, self.reasons, self.chance = healths, reasons, chance
        self.steps: Counter[tuple[int, str]] = Counter()
        self.results: dict[int, dict[str, float]] = defaultdict(dict)  # the last ones of each patient
        self.lines: dict[str, PrescriptionLine] = {}
        self.prescribed: dict[int, set[str]] = defaultdict(set)  # classes of medicines
        self.lasts_until: dict[tuple[int, str], date] = {}
        self._taken: dict[int, dict[str, list[Taken]]] = defaultdict(dict)

    def write(self) -> list[Written]:
        """Write the records of all completed visits; returns what was written, for the laboratory."""
        self.weights = dict(
            VitalSigns.objects.exclude(weight_kg=None).values_list("appointment", "weight_kg")
        )
        visits = Appointment.objects.filter(status=AppointmentStatus.COMPLETED)
        in_order = visits.select_related("patient", "doctor__user", "doctor__department").order_by(
            "starts_at", "pk"
        )
        written = [self._written(visit) for visit in in_order]
        record_past_visits(visits=[self._past_visit(one) for one in written], by=SYSTEM)
        return written

    def taken(self, today: date) -> dict[int, list[Taken]]:
        """What each patient takes for long illnesses, but what a prescription still says."""
        return {
            patient: [
                one
                for lines in by_illness.values()
                for one in lines
                if self.lasts_until.get((patient, one.line), today) <= today
            ]
            for patient, by_illness in self._taken.items()
        }

    def _written(self, visit: Appointment) -> Written:
        written, day = Written(visit), timezone.localdate(visit.starts_at)
        health, reason = self.healths.of(visit.patient), self.reasons[visit.reference]
        weeks = health.weeks_on(day)
        if reason.case:
            self._write_case(written, reason.case)
        elif weeks is not None and visit.doctor.department.slug in ANTENATAL.departments:
            trimester = sum(weeks >= begins for begins in TRIMESTERS)
            self._write_step(written, PREGNANCY, ANTENATAL, ANTENATAL.steps[trimester])
        else:
            for code, course in health.courses_on(day, visit.doctor.department.slug).items():
                number = self.steps[visit.patient_id, code]
                self.steps[visit.patient_id, code] += 1
                self._write_step(written, code, course, course.step(number))
        self.results[visit.patient_id] |= written.values
        return written

    def _write_case(self, written: Written, case: Case) -> None:
        written.diagnoses.append(
            DiagnosisLine(case.diagnosis, self.codes[case.diagnosis], case.is_provisional)
        )
        written.found.append(case.found)
        written.plan.append(case.plan)
        written.advice.append(case.advice)
        written.back_in_days = case.back_in_days
        written.lines += case.medicines

    def _write_step(self, written: Written, code: str, course: Course, step: Step) -> None:
        patient_id = written.visit.patient_id
        written.diagnoses.append(DiagnosisLine(course.diagnosis, code))
        written.found.append(step.found)
        written.assessment.append(step.assessment.format_map(self.results[patient_id]))
        written.plan.append(step.plan)
        written.advice.append(course.advice)
        written.lines += step.medicines
        written.values |= {
            name: round(value * self.chance.uniform(*DEVIATION), self.decimals[name])
            for name, value in step.values
            if name not in written.values
        }
        if {"chol", "hdl", "tg"} <= written.values.keys():  # as laboratories compute it
            values = written.values
            values["ldl"] = round(values["chol"] - values["hdl"] - values["tg"] / 5)
        written.notes += [course.note] if course.note else []
        written.back_in_days = max(written.back_in_days, course.back_in_days)
        day = timezone.localdate(written.visit.starts_at)
        since = {taken.line: taken.since for taken in self._taken[patient_id].get(code, ())}
        self._taken[patient_id][code] = [Taken(line, since.get(line, day)) for line in step.medicines]

    def _past_visit(self, written: Written) -> PastVisit:
        visit, reason = written.visit, self.reasons[written.visit.reference]
        day = timezone.localdate(visit.ended_at)
        is_again = written.back_in_days > 0
        return PastVisit(
            appointment=visit,
            complaint=visit.symptoms or reason.said,
            history=_history(self.healths.of(visit.patient), day),
            examination="\n".join(written.found),
            assessment="\n".join(written.assessment),
            plan="\n".join(written.plan),
            advice="\n".join(written.advice),
            follow_up_on=day + timedelta(days=written.back_in_days) if is_again else None,
            diagnoses=tuple(written.diagnoses),
            items=tuple(self._items(written, day)),
            weight_kg=self.weights.get(visit.pk),
            reason=REASON,
            reference=self.chance.reference(),
            prescription_reference=self.chance.reference(),
        )

    def _items(self, written: Written, day: date) -> Iterator[PrescriptionLine]:
        """What the patient does not have any more; by video and for patients of unknown sex nothing.

        In pregnancy only what is known as safe.
        """
        visit = written.visit
        if visit.mode != VisitMode.IN_PERSON or visit.patient.gender == Gender.UNKNOWN:
            return
        age, is_pregnant = visit.patient.age_on(day), self.healths.of(visit.patient).weeks_on(day) is not None
        for text in written.lines:
            text = for_age_and_weight(text, age, self.weights.get(visit.pk))
            if not text or self.lasts_until.get((visit.patient_id, text), day) > day:
                continue
            line = self._line(text)
            if not is_pregnant or line.medicine.pregnancy in AS_IN_PREGNANCY:
                self.lasts_until[visit.patient_id, text] = day + timedelta(days=line.duration_days or 0)
                self.prescribed[visit.patient_id] |= line.medicine.class_names
                yield line

    def _line(self, text: str) -> PrescriptionLine:
        if text not in self.lines:
            self.lines[text] = line_from(text)
        return self.lines[text]

    @cached_property
    def decimals(self) -> dict[str, int]:
        return dict(LabTest.objects.values_list("code", "decimals"))

    @cached_property
    def codes(self) -> dict[str, str]:
        return dict(DiagnosisTerm.objects.offered().values_list("title", "code"))


def _history(health: Health, day: date) -> str:
    known = [f"{had.usual.title} since {had.began.year}" for had in health.conditions_on(day)]
    return f"Known: {', '.join(known)}." if known else NO_ILLNESS
