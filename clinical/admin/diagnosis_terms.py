from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clinical.models import DiagnosisTerm
from clinical.services import set_diagnosis_active
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin


class DiagnosisTermForm(forms.ModelForm):
    class Meta:
        model = DiagnosisTerm
        fields = ("is_active",)


@admin.register(DiagnosisTerm)
class DiagnosisTermAdmin(NoDeleteMixin, MatchingMixin, ServiceAdmin):
    """The diagnoses that the search finds. They come from lists; here one is switched off or on."""

    form = DiagnosisTermForm
    list_display = ["code", "title", "synonyms", "source", "is_current", "is_active"]
    list_filter = ["is_active", "is_current", "source"]
    list_select_related = ["source"]
    list_per_page = 50
    search_fields = ["code"]  # shows the search box; DiagnosisTermQuerySet.matching searches
    search_help_text = _("Words of the title or another name, or a code")
    fields = ["code", "title", "synonyms", "source", "is_current", "is_active"]
    readonly_fields = ["code", "title", "synonyms", "source", "is_current"]
    actions = ["activate", "deactivate"]

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    @admin.action(description=_("Offer in the search"), permissions=["change"])
    def activate(self, request, terms):
        for term in terms:
            set_diagnosis_active(term=term, is_active=True, by=request.user)

    @admin.action(description=_("No longer offer in the search"), permissions=["change"])
    def deactivate(self, request, terms):
        for term in terms:
            set_diagnosis_active(term=term, is_active=False, by=request.user)

    def save_with_service(self, request, obj, form):
        set_diagnosis_active(term=obj, is_active=form.cleaned_data["is_active"], by=request.user)
