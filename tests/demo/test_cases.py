"""What the demo's patients come with: every case can be written down with the lists of the software."""

from decimal import Decimal

import pytest

from clinical.models import DiagnosisTerm, LabTest
from clinical.services.prescription_lines import line_from
from hms.demo.data.cases import CASES
from hms.demo.data.courses import ANTENATAL, COURSES, PREGNANCY
from hms.demo.data.specialities import SPECIALITIES
from hms.demo.data.speciality import ADULTS, CHILDREN, EVERYONE, WOMEN
from hms.demo.diary import GROWN_UP
from hms.demo.doses import for_age_and_weight

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O01")]

AGES = {EVERYONE: range(100), ADULTS: range(GROWN_UP, 100), CHILDREN: range(18), WOMEN: range(GROWN_UP, 100)}
ALL_COURSES = COURSES | {PREGNANCY: ANTENATAL}


@pytest.mark.parametrize("speciality", SPECIALITIES, ids=lambda speciality: speciality.slug)
def test_something_suits_everybody_who_comes(speciality):
    genders = ("female",) if speciality.audience == WOMEN else ("female", "male", "unknown")
    for age in AGES[speciality.audience]:
        for gender in genders:
            assert any(case.suits(age, gender) for case in CASES[speciality.slug]), (age, gender)


def test_diagnoses_and_tests_are_those_of_the_lists():
    codes = dict(DiagnosisTerm.objects.values_list("title", "code"))
    tests = set(LabTest.objects.values_list("code", flat=True))

    assert {case.diagnosis for cases in CASES.values() for case in cases} <= set(codes)
    assert {course.diagnosis: code for code, course in ALL_COURSES.items()}.items() <= codes.items()
    assert {name for one in ALL_COURSES.values() for step in one.steps for name, _ in step.values} <= tests


def test_every_line_means_a_medicine_of_the_formulary():
    lines = {line for cases in CASES.values() for case in cases for line in case.medicines}
    lines |= {line for course in ALL_COURSES.values() for step in course.steps for line in step.medicines}
    sizes = [(0, Decimal(6)), (3, Decimal(14)), (8, Decimal(25)), (40, Decimal(70))]
    typed = {for_age_and_weight(line, *size) for line in lines for size in sizes} - {""}

    unknown = [line for line in sorted(typed) if line_from(line).medicine is None]

    assert unknown == []


@pytest.mark.parametrize(
    ("age", "weight", "line"),
    [
        (40, None, "paracetamol 650 sos max 3/day 5 days after food"),
        (7, "25.300", "paracetamol suspension 250 7.5 ml sos max 4/day 3 days only with fever"),
        (0, "6.200", "paracetamol suspension 125 3.5 ml sos max 4/day 3 days only with fever"),
        (7, None, ""),
    ],
)
def test_paracetamol_is_given_by_weight_and_never_rounded_up(age, weight, line):
    assert for_age_and_weight("PARACETAMOL", age, weight and Decimal(weight)) == line
