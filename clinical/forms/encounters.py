from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from clinical.models import Diagnosis
from clinical.models.encounter import LONGEST_TEXT
from clinical.services import DiagnosisLine
from clinical.statuses.confidentiality import Confidentiality
from clinical.terms.search import diagnosis_called
from hms.core.forms import RowForm, StepForm
from scheduling.models.appointment import WHAT_WAS_BOOKED

MOST_DIAGNOSES = 12
NEW_LINES = 2
LONGEST_TITLE = Diagnosis._meta.get_field("title").max_length


def _text(label: str, rows: int = 2, **options) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT, widget=box, **options)


class BeginForm(StepForm):
    """The button that begins the visit of a waiting patient."""

    relies_on = WHAT_WAS_BOOKED


class EncounterForm(RowForm):
    """The text of a visit; `revision` tells of diagnoses that were changed elsewhere."""

    relies_on = ("status", "revision")

    complaint = _text(_("Complaint"))
    history = _text(_("History"))
    examination = _text(_("Examination"))
    assessment = _text(_("Assessment"))
    plan = _text(_("Plan"))
    medicine_lines = _text(
        _("Medicines, one per line"),
        help_text=_("Like “amox 500 1-0-1 5d after food”. Signed with the visit."),
    )
    test_lines = _text(
        _("Tests, with commas between"), rows=1, help_text=_("Like “CBC, HbA1c”. Ordered with the visit.")
    )
    advice = _text(_("Advice for the patient"), help_text=_("The patient reads this."))
    follow_up_on = forms.DateField(
        label=_("Follow-up on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    private_note = _text(_("Private note"), help_text=_("Only you can read this."))
    confidentiality = forms.ChoiceField(label=_("Open to"), choices=Confidentiality.choices, required=False)

    def clean_confidentiality(self):
        return self.cleaned_data["confidentiality"] or Confidentiality.NORMAL


# Fills the list of choices while somebody types; without scripts the names of the list are recognised too.
SUGGEST = {
    "list": "diagnoses",
    "autocomplete": "off",
    "hx-get": reverse_lazy("admin:diagnoses", query={"list": 1}),
    "hx-trigger": "input changed delay:150ms",
    "hx-target": "#diagnoses",
    "hx-sync": "this:replace",
}


class DiagnosisForm(forms.Form):
    """One line: free text, or a name of the list of diagnoses, which gives its title and code."""

    title = forms.CharField(
        label=_("Diagnosis"), required=False, max_length=250, widget=forms.TextInput(attrs=SUGGEST)
    )
    is_provisional = forms.BooleanField(label=_("Provisional"), required=False)

    @property
    def line(self) -> DiagnosisLine | None:
        text, is_provisional = self.cleaned_data.get("title"), self.cleaned_data.get("is_provisional", False)
        if not text:
            return None
        term = diagnosis_called(text)
        if term is None:
            return DiagnosisLine(text[:LONGEST_TITLE], is_provisional=is_provisional)
        return DiagnosisLine(term.title[:LONGEST_TITLE], term.code, is_provisional)


class BaseDiagnosisFormSet(forms.BaseFormSet):
    def lines(self) -> list[DiagnosisLine]:
        """The lines that are filled in."""
        return [line for form in self.forms if (line := form.line)]


DiagnosisFormSet = forms.formset_factory(
    DiagnosisForm, formset=BaseDiagnosisFormSet, extra=NEW_LINES, max_num=MOST_DIAGNOSES, validate_max=True
)


class AddendumForm(forms.Form):
    text = _text(_("Add to this record"), rows=3, help_text=_("The patient reads this."))
