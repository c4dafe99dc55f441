"""What doctors wrote at a share of the visits of the older years, and what the laboratory found."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from json.encoder import encode_basestring_ascii as quoted

from django.utils import timezone

from accounts.ages import age_in_words
from accounts.models import Patient
from accounts.services.numbers import advance
from audit.capture.prototypes import Prototype, Template, hole
from audit.capture.values import logged_value
from clinical.document_codes import new_code
from clinical.letterhead import block_of, letterhead_of
from clinical.models import Diagnosis, DiagnosisTerm, DocumentCode, Encounter, LabOrder, LabResult, LabTest
from clinical.services import Finding
from clinical.services.lab_findings import columns_of
from clinical.statuses import CRITICAL, DocumentKind, LabOrderStatus, LabResultStatus
from clinical.statuses.encounters import EncounterStatus
from hms.core.rights import SYSTEM
from hms.demo.histories import NO_ILLNESS
from hms.demo.laboratory import CHECK
from hms.demo.logins import Team
from hms.demo.years.crowd import Crowd
from hms.demo.years.moments import day_of, moment_of
from hms.demo.years.plan import DAY_S
from hms.demo.years.rows import Portion
from hms.demo.years.visit import Visit
from scheduling.models import Doctor

# What is found most: limits of the tests. A value is one of so many steps between them.
TESTED = CHECK | {"hba1c": (5.2, 9.0), "tsh": (0.6, 6.5), "b12": (180, 420), "alt": (12, 70), "vitd": (9, 45)}
STEPS = 8
LIMITS = ("value", "unit", "low", "high", "critical_low", "critical_high", "range_gap", "flag")
LONGEST_S = 2 * DAY_S  # from the visit to the result
LABORATORY = "Laboratory"


class Records:
    """Writes records into a portion."""

    def __init__(self, *, team: Team, crowd: Crowd, until: date):
        self.team, self.crowd, self.until = team, crowd, until
        self.record, self.diagnosis, self.code = (
            cache(self._record),
            cache(self._diagnosis),
            cache(self._code),
        )
        self.order, self.finding = cache(self._order), cache(self._finding)
        self.codes = dict(DiagnosisTerm.objects.offered().values_list("title", "code"))

    def write(self, portion: Portion, visit: Visit, appointment_id: int) -> None:
        crowd, case, day = self.crowd, visit.case, day_of(visit.ended)
        patient_id, doctor = crowd.pks[visit.patient], visit.doctor
        encounter, diagnosis, document, *of_test = visit.papers
        prototype, frozen = self.record(doctor)
        code = portion.add(
            self.code(DocumentKind.VISIT_SUMMARY, doctor.full_name, doctor.user_id),
            *(patient_id, document, patient_id, visit.ended, new_code(), str(day)),
        )
        record = portion.add(
            prototype,
            *(patient_id, encounter, patient_id, visit.started, appointment_id, case.said, case.found),
            *(
                case.plan,
                case.advice,
                str(day + timedelta(days=case.back_in_days)) if case.back_in_days else None,
            ),
            *(visit.ended, self._printed(frozen, visit.patient, day), code),
        )
        portion.add(
            self.diagnosis(doctor.user_id, case.is_provisional),
            *(patient_id, diagnosis, patient_id, visit.ended, record, case.diagnosis),
            self.codes.get(case.diagnosis, ""),
        )
        if visit.tested is not None and day_of(visit.ended + LONGEST_S) < self.until:
            self._test(portion, visit, appointment_id, of_test)

    def label_samples(self, day: date, how_many: int) -> None:
        """Take the numbers of so many samples of the day."""
        self.day, self.last_label = day, advance(f"laboratory {day:%y%m%d}", how_many)
        self.next_label = self.last_label - how_many + 1

    def _printed(self, frozen: Template, patient: int, day: date) -> str:
        crowd = self.crowd
        return frozen.filled(
            {
                "name": quoted(crowd.names[patient]),
                "mrn": quoted(crowd.mrns[patient]),
                "age": quoted(age_in_words(date.fromordinal(crowd.born[patient]), day)),
                "sex": self.sexes[crowd.genders[patient]],
                "address": crowd.addresses[patient],
            }
        )

    @cached_property
    def sexes(self) -> dict[str, str]:
        day = timezone.localdate()
        return {
            gender: quoted(str(block_of(Patient(gender=gender, date_of_birth=day), day)["sex"]))
            for gender in set(self.crowd.genders)
        }

    def _record(self, doctor: Doctor) -> tuple[Prototype, Template]:
        day = timezone.localdate()
        block = block_of(Patient(date_of_birth=day), day)
        frozen = {"letterhead": letterhead_of(doctor), "patient": {name: hole(name) for name in block}}
        encounter = Encounter(
            history=NO_ILLNESS,
            revision=1,
            status=EncounterStatus.SIGNED,
            recorded_by=doctor.user,
            signed_by=doctor.user,
        )
        varies = (
            "id",
            "reference",
            "patient_id",
            "recorded_at",
            "appointment_id",
            "complaint",
            "examination",
        )
        varies += ("plan", "advice", "follow_up_on", "signed_at", "frozen", "document_id")
        return Prototype(encounter, *varies), Template(frozen)

    def _diagnosis(self, doctor_id: int | None, is_provisional: bool) -> Prototype:
        row = Diagnosis(recorded_by_id=doctor_id, is_provisional=is_provisional, position=0)
        return Prototype(row, "id", "reference", "patient_id", "recorded_at", "encounter_id", "title", "code")

    def _code(self, kind: str, issuer: str, by_id: int | None) -> Prototype:
        row = DocumentCode(kind=kind, issuer=issuer, recorded_by_id=by_id)
        return Prototype(row, "id", "reference", "patient_id", "recorded_at", "code", "issued_on")

    def _test(self, portion: Portion, visit: Visit, appointment_id: int, references: list[str]) -> None:
        """One test, as a rule back within the day; what would be critical is not among these."""
        luck, crowd = visit.tested, self.crowd
        ordered, collected = visit.ended, visit.ended + 600 + int(luck * 2_400)
        at = collected + 3_600 + int((luck * 7 % 1) ** 3 * 30 * 3_600)
        tests = list(TESTED)
        test = tests[int(luck * 97 % 1 * len(tests))]
        day = day_of(collected)
        age = crowd.age(visit.patient, day.toordinal())
        found = self.finding(test, crowd.genders[visit.patient], age, int(luck * 1_009 % 1 * STEPS), day.year)
        if found is None:
            return
        patient_id, label = crowd.pks[visit.patient], f"{self.day:%y%m%d}-{self.next_label:04}"
        self.next_label += 1
        order = portion.add(
            self.order(test, visit.doctor),
            *(patient_id, references[0], patient_id, ordered, appointment_id, label),
            *(at, collected, at, at, at),
        )
        code = portion.add(
            self.code(DocumentKind.LABORATORY_REPORT, LABORATORY, None),
            *(patient_id, references[1], patient_id, at, new_code(), str(day_of(at))),
        )
        portion.add(
            self.result(visit.doctor.user_id),
            *(patient_id, references[2], patient_id, at, order, *found, at, at, at, code),
        )

    def _order(self, test: str, doctor: Doctor) -> Prototype:
        kind = self.tests[test]
        row = LabOrder(
            test=kind,
            doctor=doctor,
            recorded_by=doctor.user,
            status=LabOrderStatus.RELEASED,
            confidentiality=kind.confidentiality,
        )
        varies = ("id", "reference", "patient_id", "recorded_at", "appointment_id", "label", "due_at")
        varies += ("collected_at", "resulted_at", "verified_at", "released_at")
        return Prototype(row, *varies)

    @cached_property
    def tests(self) -> dict[str, LabTest]:
        return {test.code: test for test in LabTest.objects.filter(code__in=TESTED)}

    @cached_property
    def result(self):
        return cache(self._result)

    def _result(self, doctor_id: int | None) -> Prototype:
        row = LabResult(
            status=LabResultStatus.ACKNOWLEDGED,
            recorded_by=self.team.lab,
            verified_by=self.team.lab2,
            released_by=self.team.lab2,
            acknowledged_by_id=doctor_id,
            confidentiality="normal",
        )
        varies = ("id", "reference", "patient_id", "recorded_at", "order_id", *LIMITS)
        return Prototype(row, *varies, "verified_at", "released_at", "acknowledged_at", "document_id")

    def _finding(self, code: str, gender: str, age: int, step: int, year: int) -> tuple | None:
        """The columns of the result of somebody of this age; None where it would be critical."""
        test, (low, high) = self.tests[code], TESTED[code]
        value = round(low + (high - low) * step / STEPS, test.decimals)
        at = moment_of(int(timezone.now().timestamp())).replace(year=year, month=7, day=1)
        patient = Patient(
            gender=gender, date_of_birth=(at - timedelta(days=int((age + 0.5) * 365.25))).date()
        )
        order = LabOrder(test=test, patient=patient, collected_at=at)
        columns = columns_of(order, Finding(value=Decimal(f"{value:.{test.decimals}f}")), was=None, by=SYSTEM)
        if columns["flag"] in CRITICAL:
            return None
        fields = [LabResult._meta.get_field(name) for name in LIMITS]
        return tuple(logged_value(field, columns[field.name]) for field in fields)
