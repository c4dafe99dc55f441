"""Whom the demo puts where."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from hms.demo.chance import Chance
from hms.demo.diary import Diary
from hms.demo.patients import Visitor
from scheduling.services import hold_slot
from tests.factories import DepartmentFactory, PatientFactory, at, carer_of, doctor_with_hours

pytestmark = pytest.mark.django_db


def test_who_just_holds_a_time_is_not_put_anywhere_else_then():
    department = DepartmentFactory(slug="general-medicine")
    held = doctor_with_hours(department=department)
    other = doctor_with_hours(ends_at=time(9, 30), department=department)
    patient = PatientFactory(registered_at=timezone.now() - timedelta(days=30))
    hold_slot(patient=patient, doctor=held, starts_at=at(9), by=carer_of(patient))
    diary = Diary(
        doctors=[other], visitors=[Visitor(patient)], requests=[], chance=Chance(1), now=timezone.now()
    )

    diary.open(at(9).date())
    planned = diary.plan(how_many=1, doctors=[other])
    diary.open(at(9, days=2).date())
    planned_the_day_after = diary.plan(how_many=1, doctors=[other])

    assert planned == []
    assert [plan.slot.starts_at for plan in planned_the_day_after] == [at(9, days=2)]


@pytest.mark.parametrize(("days_grown_up", "how_many"), [(-1, 0), (0, 1)])
def test_a_department_for_adults_is_given_who_is_grown_up_on_the_day_of_the_visit(days_grown_up, how_many):
    cardiologist = doctor_with_hours(department=DepartmentFactory(slug="cardiology"))
    day = at(9).date()
    born = day.replace(year=day.year - 16) - timedelta(days=days_grown_up)
    patient = PatientFactory(date_of_birth=born, registered_at=timezone.now() - timedelta(days=30))
    diary = Diary(
        doctors=[cardiologist],
        visitors=[Visitor(patient)],
        requests=[],
        chance=Chance(1),
        now=at(9, days=9),
    )

    diary.open(day)

    assert len(diary.plan(how_many=1, doctors=[cardiologist])) == how_many
