from django import forms
from django.utils.translation import gettext_lazy as _

from clinical.models.encounter import LONGEST_TEXT
from clinical.services import DiagnosisLine
from hms.core.forms import RowForm

MOST_DIAGNOSES = 12
NEW_LINES = 2


def _text(label: str, rows: int = 2, **options) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, widget=box, **options)


class EncounterForm(RowForm):
    """The text of a visit; `revision` tells of diagnoses that were changed elsewhere."""

    relies_on = ("status", "revision")

    complaint = _text(_("Complaint"))
    history = _text(_("History"))
    examination = _text(_("Examination"))
    assessment = _text(_("Assessment"))
    plan = _text(_("Plan"))
    advice = _text(_("Advice for the patient"), help_text=_("The patient reads this."))
    follow_up_on = forms.DateField(
        label=_("Follow-up on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    private_note = _text(_("Private note"), help_text=_("Only you can read this."))


class DiagnosisForm(forms.Form):
    """One line: a term chosen from the list, which also sends its code, or free text."""

    title = forms.CharField(label=_("Diagnosis"), required=False, max_length=200)
    code = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    is_provisional = forms.BooleanField(label=_("Provisional"), required=False)


class BaseDiagnosisFormSet(forms.BaseFormSet):
    def lines(self) -> list[DiagnosisLine]:
        """The lines that are filled in."""
        filled = (form.cleaned_data for form in self.forms if form.cleaned_data.get("title"))
        return [DiagnosisLine(**line) for line in filled]


DiagnosisFormSet = forms.formset_factory(
    DiagnosisForm, formset=BaseDiagnosisFormSet, extra=NEW_LINES, max_num=MOST_DIAGNOSES, validate_max=True
)


class AddendumForm(forms.Form):
    text = _text(_("Add to this record"), rows=3)
