from datetime import date, datetime, time, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from scheduling.models import (
    Branch,
    Department,
    Doctor,
    Nurse,
    ScheduleException,
    Specialization,
    WeeklySchedule,
)


class BranchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Branch

    code = factory.Sequence("b{}".format)
    name = factory.Sequence("Branch {}".format)


class DepartmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Department

    slug = factory.Sequence("department-{}".format)
    name = factory.Sequence("Department {}".format)
    opens_at = time(8)
    closes_at = time(20)


class SpecializationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Specialization
        django_get_or_create = ["name"]

    name = "Cardiology"


class DoctorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Doctor

    department = factory.SubFactory(DepartmentFactory)
    full_name = factory.Sequence("Dr Doctor {}".format)
    registration_number = factory.Sequence("KMC-{:05}".format)
    registration_expires_on = date(2099, 12, 31)
    specialization = factory.SubFactory(SpecializationFactory)
    category = "consultant"
    degree = "MBBS, MD"
    practising_since = 2005
    fee = Decimal("500.00")


class NurseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Nurse

    department = factory.SubFactory(DepartmentFactory)
    full_name = factory.Sequence("Nurse {}".format)
    registration_number = factory.Sequence("KNC-{:05}".format)


class WeeklyScheduleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WeeklySchedule

    doctor = factory.SubFactory(DoctorFactory)
    branch = factory.SubFactory(BranchFactory)
    weekday = 0
    starts_at = time(9)
    ends_at = time(12)
    slot_minutes = 30
    valid_from = date(2020, 1, 1)


class ScheduleExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScheduleException

    kind = "leave"
    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(days=1))


def doctor_with_hours(starts_at=time(9), ends_at=time(12), slot_minutes=30, capacity=1, **fields) -> Doctor:
    """A doctor with these hours on every day of the week."""
    doctor = DoctorFactory(**fields)
    branch = BranchFactory()
    for weekday in range(7):
        WeeklyScheduleFactory(
            doctor=doctor,
            branch=branch,
            weekday=weekday,
            starts_at=starts_at,
            ends_at=ends_at,
            slot_minutes=slot_minutes,
            capacity=capacity,
        )
    return doctor


def at(hour: int, minute: int = 0, *, days: int = 1) -> datetime:
    """A moment in the hospital's time zone, some days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_current_timezone())
