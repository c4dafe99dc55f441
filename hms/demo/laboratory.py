"""Laboratory work: results of past visits, and samples of today at each step.

Patients of the doctor with a login who have diabetes, high blood pressure or an underactive thyroid are
followed; others had a blood count or a fever. Today something is to be done for each person who works here.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from clinical.models import LabOrder, LabPanel, LabResult, LabTest, Problem
from clinical.services import (
    Finding,
    collect_sample,
    enter_result,
    order_tests,
    record_past_results,
    release_result,
    report_critical_value,
    verify_result,
)
from clinical.statuses.problems import ProblemStatus
from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.logins import Team
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus as Status

DIABETES, BLOOD_PRESSURE, THYROID = "E11", "I10", "E03.9"
FOLLOWED = (DIABETES, BLOOD_PRESSURE, THYROID)
MOST_FOLLOWED, MOST_OTHERS, LONGEST_SERIES = 16, 12, 4
AFTER = timedelta(minutes=20)
COUNT = {"hb": (11.5, 15.0), "wbc": (4.5, 12.5), "plt": (160, 380), "neut": (48, 74), "lymph": (20, 42)}
FEVER = {"hb": (11.0, 14.5), "wbc": (2.8, 14.0), "plt": (90, 260), "crp": (6, 80)}
CHOICES = {
    "malaria": ("Not seen", "P. vivax seen"),
    "dengue": ("Negative", "Positive"),
    "typhoid": ("Negative",),
}
HBA1C = ("9.1", "8.2", "7.4", "6.9")
LDL = (("178", "52"), ("141", "48"), ("118", "50"), ("104", "51"))  # with HDL
TSH, FT4 = ("9.80", "6.10", "4.20", "3.10"), ("0.70", "0.90", "1.10", "1.20")
NOTES = {
    DIABETES: "Please keep to the tablets and the walk after dinner. We check again in three months.",
    BLOOD_PRESSURE: "Kidneys and salts are in order. Please keep taking the tablet for the cholesterol.",
    THYROID: "The dose fits better now. Take the tablet before breakfast, as so far.",
}


class Laboratory:
    def __init__(self, team: Team, chance: Chance, now: datetime):
        self.team, self.colleague, self.chance, self.now = team, team.lab2, chance, now
        self.tests = {test.code: test for test in LabTest.objects.all()}

    def write(self) -> None:
        visits = Appointment.objects.filter(doctor__user=self.team.doctor)
        self._write_past(visits.filter(status=Status.COMPLETED))
        self._write_today(visits)

    def _write_past(self, visits) -> None:
        """Patients with a problem that is followed, and some others."""
        problems = Problem.objects.filter(code__in=FOLLOWED, status=ProblemStatus.ACTIVE).order_by("-pk")
        codes = dict(problems.values_list("patient_id", "code"))
        by_patient: dict[int, list[Appointment]] = {}
        for visit in visits.select_related("patient", "doctor__user").order_by("starts_at"):
            by_patient.setdefault(visit.patient_id, []).append(visit)
        followed = [patient for patient in by_patient if patient in codes][:MOST_FOLLOWED]
        others = [patient for patient in by_patient if patient not in codes][:MOST_OTHERS]
        for patient in (*followed, *others):
            for step, visit in enumerate(by_patient[patient][-LONGEST_SERIES:]):
                self._record(visit, self._findings(codes.get(patient), step), NOTES.get(codes.get(patient)))

    def _findings(self, code: str | None, step: int) -> dict[str, Finding]:
        if code == DIABETES:
            sugar = 214 - step * 28 + self.chance.randrange(-6, 7)
            return numbers({"hba1c": HBA1C[step], "fbg": sugar} | self._within({"creat": (0.8, 1.1)}))
        if code == BLOOD_PRESSURE:
            ldl, hdl = LDL[step]
            values = {"chol": int(ldl) + int(hdl) + 34, "hdl": hdl, "ldl": ldl, "tg": 170}
            return numbers(values | self._within({"k": (3.8, 4.9), "creat": (0.7, 1.2)}))
        if code == THYROID:
            return numbers({"tsh": TSH[step], "ft4": FT4[step]})
        return self._fever() if self.chance.happens(0.4) else numbers(self._within(COUNT))

    def _fever(self) -> dict[str, Finding]:
        chosen = {code: Finding(choice=self.chance.choice(words)) for code, words in CHOICES.items()}
        return numbers(self._within(FEVER)) | chosen

    def _within(self, limits: dict) -> dict[str, str]:
        return {
            code: f"{self.chance.uniform(*between):.{self.tests[code].decimals}f}"
            for code, between in limits.items()
        }

    def _record(self, visit: Appointment, findings: dict[str, Finding], note: str | None) -> None:
        record_past_results(
            appointment=visit,
            findings={self.tests[code]: finding for code, finding in findings.items()},
            at=(visit.ended_at or visit.starts_at) + AFTER,
            entered_by=self.team.lab,
            verified_by=self.colleague,
            note=note or "",
            by=SYSTEM,
        )

    def _write_today(self, visits) -> None:
        """The patients seen last: from ordered to a critical value that waits for the doctor."""
        near = visits.filter(status__in=(Status.COMPLETED, Status.IN_CONSULTATION), starts_at__lte=self.now)
        for number, visit in enumerate(near.select_related("patient", "doctor").order_by("-starts_at")[:7]):
            (self._ordered, self._stat, self._collected, self._to_verify, self._critical, self._normal,
             self._imaging)[number](visit)  # fmt: skip

    def _order(self, visit: Appointment, *codes: str, **fields) -> list[LabOrder]:
        panels = list(LabPanel.objects.filter(code__in=codes))
        tests = [self.tests[code] for code in codes if code not in {panel.code for panel in panels}]
        return order_tests(appointment=visit, tests=tests, panels=panels, **fields, by=self.team.doctor)

    def _ordered(self, visit: Appointment) -> None:
        self._order(visit, "cbc", "lytes", question="Tired for a month, pale")

    def _stat(self, visit: Appointment) -> None:
        self._order(visit, "trop", "ecg", urgency="stat", question="Chest pain since two hours")

    def _collected(self, visit: Appointment) -> None:
        collect_sample(orders=self._order(visit, "liver", urgency="urgent"), by=self.team.lab)

    def _to_verify(self, visit: Appointment) -> None:
        self._enter(self._order(visit, "fbg", "acr"), {"fbg": "131", "acr": "42"})

    def _critical(self, visit: Appointment) -> None:
        orders = self._order(visit, "k", "creat", "egfr", urgency="urgent", question="On spironolactone")
        for result in self._enter(orders, {"k": "6.8", "creat": "2.1"}):
            checked = verify_result(result=result, by=self.colleague)
            if checked.is_critical:
                checked = report_critical_value(
                    result=checked, to="Dr Rao's nurse, by telephone", by=self.colleague
                )
            release_result(result=checked, by=self.colleague)

    def _normal(self, visit: Appointment) -> None:
        for result in self._enter(self._order(visit, "tsh"), {"tsh": "2.4"}):
            release_result(result=verify_result(result=result, by=self.colleague), by=self.colleague)

    def _imaging(self, visit: Appointment) -> None:
        self._order(visit, "cxr", question="Cough for four weeks")

    def _enter(self, orders: list[LabOrder], values: dict[str, str]) -> list:
        by_container: dict[str, list[LabOrder]] = {}
        for order in orders:
            by_container.setdefault(order.test.container, []).append(order)
        for sample in by_container.values():
            collect_sample(orders=sample, by=self.team.lab)
        for order in orders:
            if not order.test.is_computed:
                finding = Finding(value=Decimal(values[order.test.code]))
                enter_result(order=order, finding=finding, by=self.team.lab)
        entered = LabResult.objects.filter(order__in=orders).select_related("order__test", "patient")
        return sorted(entered.order_by("pk"), key=lambda result: result.order.test.is_computed)


def numbers(values: dict) -> dict[str, Finding]:
    return {code: Finding(value=Decimal(str(value))) for code, value in values.items()}
