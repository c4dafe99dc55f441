from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.patients import patient_names
from audit.registry import registered_models

MOST_DIGITS = 18


def is_key(value: str) -> bool:
    """Whether the text is a number that a column of keys can hold."""
    return value.isdecimal() and len(value) <= MOST_DIGITS


class KindFilter(admin.SimpleListFilter):
    """By kind of record, out of what is registered; asking the log itself would read all of it."""

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
    """One value that a link gave; shown while it is in force, so that it can be taken back."""

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


class PersonFilter(NumberFilter):
    title = _("person")
    parameter_name = "actor_id"


class RequestFilter(GivenFilter):
    title = _("request")
    parameter_name = "request_id"


class RecordFilter(GivenFilter):
    title = _("record")
    parameter_name = "object_pk"
