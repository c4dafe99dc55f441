from datetime import date, timedelta
from urllib.parse import parse_qsl

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.capture.registry import registered_models
from audit.reading.search import is_key, of_patient, patient_names
from hms.core.days import midnight


class KindFilter(admin.SimpleListFilter):
    """Offers the registered models; asking the log which kinds it holds would scan it."""

    title = _("kind of record")
    parameter_name = "model"

    def lookups(self, _request, _model_admin):
        kinds = [
            (model._meta.label_lower, capfirst(str(model._meta.verbose_name)))
            for model in registered_models()
        ]
        return sorted(kinds, key=lambda kind: kind[1])

    def queryset(self, _request, queryset):
        return queryset.filter(model=self.value()) if self.value() else queryset


class GivenFilter(admin.SimpleListFilter):
    """A value from a link, shown while it applies so that it can be removed."""

    def lookups(self, request, _model_admin):
        value = request.GET.get(self.parameter_name)
        return [(value, self.name_of(value))] if value else []

    def name_of(self, value: str) -> str:
        return value

    def queryset(self, _request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(**{self.parameter_name: self.value()})


class NumberFilter(GivenFilter):
    def queryset(self, request, queryset):
        if self.value() and not is_key(self.value()):
            return queryset.none()
        return super().queryset(request, queryset)


class PatientFilter(NumberFilter):
    title = _("patient")
    parameter_name = "patient_id"

    def name_of(self, value: str) -> str:
        return patient_names([int(value)]).get(int(value), value) if is_key(value) else value

    def queryset(self, _request, queryset):
        """Includes lists and searches that showed the patient."""
        if not self.value():
            return queryset
        return queryset.filter(of_patient(int(self.value()))) if is_key(self.value()) else queryset.none()


class PersonFilter(NumberFilter):
    title = _("person")
    parameter_name = "actor_id"

    def name_of(self, value: str) -> str:
        people = get_user_model()._base_manager.filter(pk=value if is_key(value) else None)
        return next((person.get_full_name() for person in people), value)


class RoleFilter(admin.SimpleListFilter):
    """By a role that the person had when acting."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, _request, _model_admin):
        of_staff = Group.objects.filter(permissions__isnull=False).distinct()
        names = of_staff.order_by("name").values_list("name", flat=True)
        return [(name, capfirst(name.replace("_", " "))) for name in [*names, "superuser"]]

    def queryset(self, _request, queryset):
        return queryset.filter(actor_roles__contains=self.value()) if self.value() else queryset


class DayFilter(admin.SimpleListFilter):
    """From one day to another, both included; the days are typed in."""

    title = _("days")
    parameter_name = "from"
    until_name = "until"
    template = "admin/audit/days_filter.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        given = params.pop(self.until_name, [""])
        self.used_parameters[self.until_name] = given[-1]

    def lookups(self, _request, _model_admin):
        return [("", "")]  # Django hides a filter without choices

    def expected_parameters(self):
        return [self.parameter_name, self.until_name]

    def choices(self, changelist):
        others = changelist.get_query_string(remove=self.expected_parameters())
        return [
            {
                "begins": self.used_parameters.get(self.parameter_name, ""),
                "ends": self.used_parameters.get(self.until_name, ""),
                "others": parse_qsl(others.removeprefix("?")),
                "without": others,
            }
        ]

    def queryset(self, _request, queryset):
        begins, ends = (_day(self.used_parameters.get(name)) for name in self.expected_parameters())
        if begins:
            queryset = queryset.filter(recorded_at__gte=midnight(begins))
        return queryset.filter(recorded_at__lt=midnight(ends + timedelta(days=1))) if ends else queryset


def _day(given: str | None) -> date | None:
    """The day; None for one that does not exist or lies at the ends of the calendar."""
    try:
        day = parse_date(given or "")
    except ValueError:
        return None
    return day if day and date.min.year < day.year < date.max.year else None


class RequestFilter(GivenFilter):
    title = _("request")
    parameter_name = "request_id"


class RecordFilter(GivenFilter):
    title = _("record")
    parameter_name = "object_pk"
