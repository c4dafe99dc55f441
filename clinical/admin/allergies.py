from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import Allergy
from clinical.services import reassess_allergy, record_allergy, record_no_known_allergies
from clinical.statuses import AllergyStatus
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, VisibleToMixin

RECORDED = ("substance", "category", "criticality", "reaction")


class RecordAllergyForm(forms.ModelForm):
    """Records an allergy, or the statement that none is known."""

    is_confirmed = forms.BooleanField(
        label=_("Confirmed"),
        required=False,
        help_text=_("By a test or an observed reaction."),
    )

    class Meta:
        model = Allergy
        fields = ("patient", "substance", "category", "criticality", "reaction", "is_none_known")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_none_known") and cleaned.get("is_confirmed"):
            self.add_error("is_confirmed", _("Only an allergy can be confirmed."))
        return cleaned


class ReassessAllergyForm(forms.ModelForm):
    """Changes the status; the rest of the row stays as it was recorded."""

    relies_on = ("status", "status_reason")

    becomes = forms.ChoiceField(label=_("Change the status to"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    class Meta:
        model = Allergy
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = AllergyStatus.STEPS[self.instance.status] if self.instance.pk else ()
        steps = [(status.value, status.label) for status in AllergyStatus if status in allowed]
        self.fields["becomes"].choices = [("", "---------"), *steps]


@admin.register(Allergy)
class AllergyAdmin(HistoryMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    """Allergies of the patients whom a doctor or nurse treats; only the status can be changed."""

    list_display = ["patient", "__str__", "category", "criticality", "status", "recorded_on"]
    list_filter = ["status", "category", "criticality"]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; AllergyQuerySet.matching searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")
    autocomplete_fields = ["patient"]

    @admin.display(description=_("recorded on"), ordering="recorded_at")
    def recorded_on(self, allergy):
        return date_format(timezone.localtime(allergy.recorded_at), "j M Y")

    def has_change_permission(self, request, obj=None):
        """A row entered in error cannot be changed."""
        is_open = obj is None or bool(AllergyStatus.STEPS[obj.status])
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["patient", "is_none_known", *RECORDED, "is_confirmed"]
        return [*self.get_readonly_fields(request, obj), *self._boxes(request, obj)]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        if obj is None:
            return []
        what = ["is_none_known"] if obj.is_none_known else RECORDED
        return ["patient", *what, "status", "status_reason", "recorded_by", "recorded_at"]

    def _boxes(self, request, obj) -> list[str]:
        return ["becomes", "reason"] if self.has_change_permission(request, obj) else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = ReassessAllergyForm if obj else RecordAllergyForm
        return super().get_form(request, obj, change=change, **kwargs | {"form": form})

    def save_with_service(self, request, obj, form):
        saved = _saved(obj, form.cleaned_data, by=request.user)
        obj.pk = saved.pk
        obj.refresh_from_db()


def _saved(allergy: Allergy, filled_in: dict, *, by) -> Allergy:
    if allergy.pk is not None:
        return reassess_allergy(
            allergy=allergy, status=filled_in["becomes"], reason=filled_in["reason"], by=by
        )
    if allergy.is_none_known:
        return record_no_known_allergies(patient=allergy.patient, by=by)
    what = {name: filled_in[name] for name in RECORDED}
    return record_allergy(patient=allergy.patient, **what, is_confirmed=filled_in["is_confirmed"], by=by)
