"""The weekly hours of a doctor, leave and extra sessions: for administrators."""

from collections.abc import Mapping

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.response import Response

from hms.core.api.forms import CheckedByForm
from scheduling.api.directory import CONFIRM, ClockField, OfDirectory
from scheduling.forms.staff_directory import ScheduleExceptionForm, WeeklyScheduleForm
from scheduling.models import Branch, Doctor, ScheduleException, WeeklySchedule
from scheduling.own import reads_why
from scheduling.services import change_hours, delete_exception, save_exception, save_weekly_schedule
from scheduling.services.directory import delete_row
from scheduling.statuses import ExceptionKind

SESSION = ("branch", "slot_minutes", "capacity", "mode")
KINDS = [(kind.value, kind.label) for kind in (ExceptionKind.LEAVE, ExceptionKind.EXTRA)]


class Shift(CheckedByForm):
    form_class = WeeklyScheduleForm

    number = serializers.IntegerField(source="pk", read_only=True)
    branch = serializers.SlugRelatedField(slug_field="code", queryset=Branch.objects.all())
    starts_at = ClockField()
    ends_at = ClockField()

    class Meta:
        model = WeeklySchedule
        fields = ["number", "weekday", "starts_at", "ends_at", *SESSION, "valid_from", "valid_until"]


class TimeOff(CheckedByForm):
    form_class = ScheduleExceptionForm

    number = serializers.IntegerField(source="pk", read_only=True)
    kind = serializers.ChoiceField(KINDS)
    branch = serializers.SlugRelatedField(
        slug_field="code", queryset=Branch.objects.all(), allow_null=True, required=False
    )
    covered_by = serializers.SlugRelatedField(
        slug_field="reference", queryset=Doctor.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = ScheduleException
        fields = ["number", "kind", "starts_at", "ends_at", "reason", "covered_by", *SESSION]

    def to_representation(self, row):
        shown = super().to_representation(row)
        return shown if reads_why(self.context["request"].user, row) else shown | {"reason": ""}


class OfHours(OfDirectory):
    is_public = False
    filter_backends = []
    lookup_field, lookup_url_kwarg = "pk", "number"
    wanted: Mapping = {}

    def get_queryset(self):
        rows = getattr(self.doctor(), self.rows).filter(**self.wanted).select_related(*self.related)
        return rows.order_by(*self.in_order)

    def doctor(self) -> Doctor:
        doctor = Doctor.objects.filter(reference=self.kwargs.get("ref")).first()
        if doctor is None:
            raise Http404
        return doctor

    def post(self, request, ref):  # noqa: ARG002
        serializer = self.get_serializer(data=request.data)
        serializer.given = {"doctor": self.doctor()}
        return self.create(serializer)

    def delete(self, request, ref, number):  # noqa: ARG002
        row = self.get_object()
        change_hours(
            row=row,
            save=lambda: self.remove(row),
            confirmed=request.query_params.get("confirm", ""),
            by=request.user,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class OfShifts(OfHours):
    model, serializer_class = WeeklySchedule, Shift
    rows, related, in_order = "schedules", ["branch"], ("weekday", "starts_at", "pk")

    def save_row(self, serializer) -> None:
        self.save(serializer, save_weekly_schedule, schedule=serializer.row)

    def remove(self, row) -> None:
        delete_row(row=row, by=self.request.user)


class OfTimeOff(OfHours):
    model, serializer_class = ScheduleException, TimeOff
    rows, related, in_order = "exceptions", ["branch", "covered_by"], ("-starts_at", "pk")
    wanted = {"kind__in": [kind for kind, _label in KINDS]}  # not what a doctor only asks for

    def save_row(self, serializer) -> None:
        self.save(serializer, save_exception, exception=serializer.row)

    def remove(self, row) -> None:
        delete_exception(exception=row, by=self.request.user)


@extend_schema_view(
    get=extend_schema(operation_id="list_shifts"),
    post=extend_schema(operation_id="add_shift", responses={201: Shift}, parameters=[CONFIRM]),
)
class Shifts(OfShifts, generics.ListAPIView):
    http_method_names = ["get", "head", "post"]


@extend_schema_view(
    get=extend_schema(operation_id="show_shift"),
    put=extend_schema(operation_id="replace_shift", parameters=[CONFIRM]),
    patch=extend_schema(operation_id="change_shift", parameters=[CONFIRM]),
    delete=extend_schema(operation_id="delete_shift", parameters=[CONFIRM], responses={204: None}),
)
class OneShift(OfShifts, generics.RetrieveAPIView):
    http_method_names = ["get", "head", "put", "patch", "delete"]


@extend_schema_view(
    get=extend_schema(operation_id="list_time_off"),
    post=extend_schema(operation_id="add_time_off", responses={201: TimeOff}, parameters=[CONFIRM]),
)
class TimesOff(OfTimeOff, generics.ListAPIView):
    http_method_names = ["get", "head", "post"]


@extend_schema_view(
    get=extend_schema(operation_id="show_time_off"),
    put=extend_schema(operation_id="replace_time_off", parameters=[CONFIRM]),
    patch=extend_schema(operation_id="change_time_off", parameters=[CONFIRM]),
    delete=extend_schema(operation_id="delete_time_off", parameters=[CONFIRM], responses={204: None}),
)
class OneTimeOff(OfTimeOff, generics.RetrieveAPIView):
    http_method_names = ["get", "head", "put", "patch", "delete"]
