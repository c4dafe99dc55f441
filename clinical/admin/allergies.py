from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from clinical.admin.listed import ListedAdmin
from clinical.models import Allergy
from clinical.services import reassess_allergy, record_allergy, record_no_known_allergies
from clinical.services.prescription_facts import doubt_about_name

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
        fields = ("patient", "is_none_known", *RECORDED, "is_confirmed")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_none_known") and cleaned.get("is_confirmed"):
            self.add_error("is_confirmed", _("Only an allergy can be confirmed."))
        return cleaned


@admin.register(Allergy)
class AllergyAdmin(ListedAdmin):
    record_form = RecordAllergyForm
    list_display = ["patient", "__str__", "category", "criticality", "status", "recorded_on"]
    list_filter = ["status", "category", "criticality"]

    def shown(self, row):
        return ("is_none_known",) if row.is_none_known else RECORDED

    def save_with_service(self, request, obj, form):
        is_new = obj.pk is None
        super().save_with_service(request, obj, form)
        if is_new and (doubt := doubt_about_name(obj)):
            messages.warning(request, doubt)

    def record(self, row, filled_in, *, by):
        if row.is_none_known:
            return record_no_known_allergies(patient=row.patient, by=by)
        what = {name: filled_in[name] for name in RECORDED}
        return record_allergy(patient=row.patient, **what, is_confirmed=filled_in["is_confirmed"], by=by)

    def reassess(self, row, filled_in, *, by):
        return reassess_allergy(allergy=row, status=filled_in["becomes"], reason=filled_in["reason"], by=by)
