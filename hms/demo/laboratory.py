"""Laboratory work: results of past visits, and samples of today at each step.

The results of the past are those of the visits to the doctor with a login. Today something is to be done
for each person who works here.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from clinical.models import LabOrder, LabPanel, LabResult, LabTest
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
from hms.core.days import local_day
from hms.core.rights import SYSTEM
from hms.demo.chance import Chance
from hms.demo.histories import Written
from hms.demo.logins import Team
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus as Status

MOST_OTHERS = 12
AFTER = timedelta(hours=3)
COUNT = {"hb": (11.5, 15.0), "wbc": (4.5, 12.5), "plt": (160, 380), "neut": (48, 74), "lymph": (20, 42)}
FEVER = {"hb": (11.0, 14.5), "wbc": (2.8, 14.0), "plt": (90, 260), "crp": (6, 80)}
CHECK = COUNT | {"fbg": (82, 98), "creat": (0.7, 1.0), "chol": (150, 195), "hdl": (42, 60)}
CHOICES = {"malaria": ("Not seen",), "dengue": ("Negative", "Positive"), "typhoid": ("Negative",)}
# What is found at a diagnosis: limits of the numbers, and choices.
TESTED = {
    "Viral fever": (FEVER, CHOICES),
    "Fever": (FEVER, CHOICES),
    "Tiredness": (COUNT | {"tsh": (1.2, 3.4), "b12": (180, 420)}, {}),
    "General health check": (CHECK, {}),
}


class Laboratory:
    def __init__(self, team: Team, chance: Chance, now: datetime):
        self.team, self.colleague, self.chance, self.now = team, team.lab2, chance, now
        self.tests = {test.code: test for test in LabTest.objects.all()}

    def write(self, written: list[Written]) -> None:
        self._write_past(written)
        self._write_today(Appointment.objects.filter(doctor__user=self.team.doctor))

    def _write_past(self, written: list[Written]) -> None:
        """What was ordered at earlier visits: for long illnesses, and for complaints that need a test."""
        before = local_day(timezone.localdate(self.now))[0]
        of_doctor = [one for one in written if self._is_seen(one) and one.visit.ended_at < before]
        for one in of_doctor:
            if one.values:
                self._record(one.visit, self._numbers(one.values), " ".join(one.notes))
        others = [one for one in of_doctor if one.diagnoses[0].title in TESTED]
        for one in others[-MOST_OTHERS:]:
            self._record(one.visit, self._tested(one.diagnoses[0].title), "")

    def _is_seen(self, written: Written) -> bool:
        """Whether somebody with a login, other than the many patients, reads the results."""
        return written.visit.doctor.user_id == self.team.doctor.pk

    def _tested(self, diagnosis: str) -> dict[str, Finding]:
        limits, choices = TESTED[diagnosis]
        chosen = {code: Finding(choice=self.chance.choice(words)) for code, words in choices.items()}
        return (
            self._numbers({code: self.chance.uniform(*between) for code, between in limits.items()}) | chosen
        )

    def _numbers(self, values: dict[str, float]) -> dict[str, Finding]:
        return {
            code: Finding(value=Decimal(f"{value:.{self.tests[code].decimals}f}"))
            for code, value in values.items()
        }

    def _record(self, visit: Appointment, findings: dict[str, Finding], note: str) -> None:
        record_past_results(
            appointment=visit,
            findings={self.tests[code]: finding for code, finding in findings.items()},
            ordered_at=visit.ended_at,
            at=min(self.now, visit.ended_at + AFTER),
            entered_by=self.team.lab,
            verified_by=self.colleague,
            note=note,
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
