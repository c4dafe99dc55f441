"""Lists of the laboratory: the catalogue, which administrators change, and orders and results to read."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import LabOrder, LabPanel, LabResult, LabTest, ReferenceRange
from clinical.services import add_reference_range, end_reference_range, save_lab_panel, save_lab_test
from hms.core.admin import MatchingMixin, NoDeleteMixin, ReadOnlyAdmin, ServiceAdmin, VisibleToMixin


@admin.register(LabTest)
class LabTestAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["name", "code", "section", "kind", "unit", "loinc", "turnaround_hours", "is_active"]
    list_filter = ["is_active", "section", "kind"]
    search_fields = ["name", "code", "synonyms", "loinc"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_lab_test(test=obj, by=request.user)


@admin.register(LabPanel)
class LabPanelAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["name", "code", "synonyms", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "code", "synonyms"]
    autocomplete_fields = ["tests"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_lab_panel(panel=obj, by=request.user)


class EndRangeForm(forms.ModelForm):
    """Ends a range; a changed range is a new row."""

    class Meta:
        model = ReferenceRange
        fields = ("valid_to",)


@admin.register(ReferenceRange)
class ReferenceRangeAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["test", "sex", "ages", "low", "high", "unit", "valid_from", "valid_to"]
    list_filter = ["sex"]
    list_select_related = ["test"]
    search_fields = ["test__name", "test__code"]
    autocomplete_fields = ["test"]

    @admin.display(description=_("age in days"), ordering="age_from_days")
    def ages(self, row):
        return f"{row.age_from_days} - {'' if row.age_to_days is None else row.age_to_days}"

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        names = [field.name for field in ReferenceRange._meta.fields if field.editable]
        return [name for name in names if name not in ("id", "valid_to")] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = {"form": EndRangeForm} if obj else {}
        return super().get_form(request, obj, change=change, **kwargs | form)

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        if obj.pk is None:
            add_reference_range(new=obj, by=request.user)
        else:
            end_reference_range(reference_range=obj, valid_to=obj.valid_to, by=request.user)


@admin.register(LabOrder)
class LabOrderAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """The worklist is a page of its own."""

    list_display = ["reference", "patient_name", "test", "urgency", "status", "label", "due_at"]
    list_filter = ["status", "urgency"]
    list_select_related = ["patient", "test"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; LabOrderQuerySet.matching searches
    search_help_text = _("Label, patient number, or the beginning of a name")
    exclude = ["appointment"]

    @admin.display(description=_("patient"))
    def patient_name(self, order):
        return order.patient


@admin.register(LabResult)
class LabResultAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """Doctors acknowledge in the inbox, the laboratory works in the worklist."""

    list_display = [
        *("reference", "patient_name", "test", "shown", "flag", "status", "correction"),
        *("released_at", "acknowledged_at"),
    ]
    list_filter = ["status", "flag"]
    list_select_related = ["patient", "order__test"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]
    search_help_text = _("Patient number, or the beginning of a name")

    @admin.display(description=_("patient"))
    def patient_name(self, result):
        return result.patient

    def get_queryset(self, request):
        return super().get_queryset(request).with_corrections()

    @admin.display(description=_("correction"))
    def correction(self, result):
        if result.is_corrected:
            return _("corrected by a later result")
        return _("being corrected") if result.is_in_correction else ""

    @admin.display(description=_("test"))
    def test(self, result):
        return result.order.test

    @admin.display(description=_("result"))
    def shown(self, result):
        return result.shown
