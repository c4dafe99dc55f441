from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import VitalSigns
from clinical.services import withdraw_vitals
from clinical.statuses import VitalSignsStatus
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, VisibleToMixin


class WithdrawVitalsForm(forms.ModelForm):
    """Marks vital signs as entered in error."""

    relies_on = ("status",)

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Marks these vital signs as entered in error.")
    )

    class Meta:
        model = VitalSigns
        fields = ()


@admin.register(VitalSigns)
class VitalSignsAdmin(HistoryMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    """Vital signs of the patients whom a doctor or nurse treats; recorded on a page of their own."""

    list_display = ["patient", "measured_at", "values", "status"]
    list_filter = ["status"]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    sortable_by = ["measured_at"]
    search_fields = ["reference"]  # shows the search box; VitalSignsQuerySet.matching searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")

    @admin.display(description=_("values"))
    def values(self, vitals):
        return vitals.chart_title()

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):
        """What is marked as an error stays so."""
        is_open = obj is None or bool(VitalSignsStatus.STEPS[obj.status])
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        box = ["reason"] if self.has_change_permission(request, obj) else []
        return [*self.get_readonly_fields(request, obj), *box]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        told = ["status_reason"] if obj and obj.status_reason else []
        return [
            "patient",
            "appointment",
            "measured_at",
            "values",
            "status",
            *told,
            "recorded_by",
            "recorded_at",
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | {"form": WithdrawVitalsForm})

    def save_with_service(self, request, obj, form):
        withdraw_vitals(vitals=obj, reason=form.cleaned_data["reason"], by=request.user)
        obj.refresh_from_db()
