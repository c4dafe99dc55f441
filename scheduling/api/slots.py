from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from hms.core.days import PLAUSIBLE_YEARS
from scheduling.availability import BookingTerms, Slot, doctor_terms, offered_slots, terms_of
from scheduling.availability.facts import Bookable
from scheduling.models import Department, Doctor
from scheduling.statuses import VisitKind, VisitMode

MOST_DAYS = 31


class Range(serializers.Serializer):
    date = serializers.DateField(required=False, help_text="The first day; without it, today.")
    kind = serializers.ChoiceField(
        VisitKind.choices,
        required=False,
        help_text="Of the visit, where that decides how long it is.",
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=1)

    def validate_date(self, day: date) -> date:
        if day.year not in PLAUSIBLE_YEARS:
            raise serializers.ValidationError("This day is too far away.")
        return day


RANGE = Range()  # made once: a new one copies its fields


class FreeTime(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    mode = serializers.ChoiceField(VisitMode.choices)
    branch = serializers.CharField(help_text="The code of the place.")


class FreeTimeOfSome(FreeTime):
    doctors = serializers.ListField(child=serializers.CharField(), help_text="Who is free then.")


class DayOfOne(serializers.Serializer):
    date = serializers.DateField()
    slots = FreeTime(many=True)


class DayOfSome(DayOfOne):
    slots = FreeTimeOfSome(many=True)


class DaysOfOne(serializers.Serializer):
    days = DayOfOne(many=True)


class DaysOfSome(serializers.Serializer):
    days = DayOfSome(many=True)


class SlotsOfDoctor(APIView):
    permission_classes = [AllowAny]

    @extend_schema(parameters=[Range], responses=DaysOfOne, operation_id="list_slots_of_doctor")
    def get(self, request, ref):
        """The free times of a doctor, as the page of the doctor offers them."""
        doctor = doctor_terms(reference=ref)
        if doctor is None or not doctor.is_active:
            raise Http404
        return Response(days_of(request, [doctor], by_doctor=False))


class SlotsOfDepartment(APIView):
    permission_classes = [AllowAny]

    @extend_schema(parameters=[Range], responses=DaysOfSome, operation_id="list_slots_of_department")
    def get(self, request, ref):
        """The free times of all doctors of a department, and who is free."""
        department = Department.objects.filter(slug=ref, is_active=True).first()
        if department is None:
            raise Http404
        doctors = terms_of(Doctor.objects.bookable().filter(department=department))
        return Response(days_of(request, doctors, by_doctor=True))


def days_of(request, doctors: list[Bookable], *, by_doctor: bool) -> dict:
    asked = RANGE.run_validation(request.query_params)
    first = asked.get("date") or timezone.localdate()
    last = first + timedelta(days=asked["days"] - 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(asked["days"])]
    terms = BookingTerms.for_patients().of_kind(asked.get("kind", ""))
    offered = offered_slots(doctors, first, last, terms=terms)
    listed = defaultdict(list)
    if by_doctor:
        named = {doctor.pk: doctor.reference for doctor in doctors}
        for slot, who in grouped((slot, named[pk]) for pk, free in offered.items() for slot in free):
            day, free = written(slot)
            listed[day].append(free | {"doctors": who})
    else:
        for day, free in map(written, chain(*offered.values())):
            listed[day].append(free)
    return {"days": [{"date": day, "slots": listed[day]} for day in days]}


def grouped(found: Iterable[tuple[Slot, str]]) -> list[tuple[Slot, list[str]]]:
    """Equal times once, with everybody who is free then, the earliest first."""
    times: dict[tuple, tuple[Slot, list[str]]] = {}
    for slot, reference in found:
        key = (slot.starts_at, slot.ends_at, slot.branch_id, slot.mode)
        times.setdefault(key, (slot, []))[1].append(reference)
    return [times[key] for key in sorted(times)]


def written(slot: Slot) -> tuple[str, dict]:
    """The day in the hospital on which the slot begins, and the slot."""
    starts_at = slot.starts_at.isoformat()
    free = {
        "starts_at": starts_at,
        "ends_at": slot.ends_at.isoformat(),
        "mode": str(slot.mode),
        "branch": slot.branch[1],
    }
    return starts_at[:10], free
