"""Whom the demo puts where."""

from datetime import timedelta

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
    held, other = (doctor_with_hours(department=department) for _n in range(2))
    patient = PatientFactory(registered_at=timezone.now() - timedelta(days=30))
    hold_slot(patient=patient, doctor=held, starts_at=at(9), by=carer_of(patient))
    diary = Diary(
        doctors=[other], visitors=[Visitor(patient)], wishes=[], chance=Chance(1), now=timezone.now()
    )

    diary.open(at(9).date())
    plans = diary.plan(how_many=6, doctors=[other])

    assert plans
    assert at(9) not in [plan.slot.starts_at for plan in plans]
