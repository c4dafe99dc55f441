import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from clinical.files.content import examine
from clinical.forms.attachments import ACCEPTED
from clinical.models import LabOrder, LabPanel, LabResult, LabTest
from clinical.models.lab_order import WHAT_IS_SHOWN
from clinical.services import Finding
from clinical.statuses import JUDGED, ResultKind, Urgency
from clinical.statuses.confidentiality import Confidentiality
from clinical.units import shown_unit
from hms.core.forms import RowForm, StepForm

NUMBER = re.compile(r"(<=|>=|<|>)?\s*(\d{1,9}(?:\.\d{1,5})?)", re.ASCII)
SIGNS = str.maketrans({"≤": "<=", "≥": ">="})
NOTHING = ("", "---------")
NOT_EMPTIED = _("A result that was entered is not emptied: enter the right one, or reject the sample.")
NO_REPORT = _("Enter the report; the assessment alone is not a result.")
NO_REPORT_WITH_FILE = _("Enter the report or choose a file; the assessment alone is not a result.")


class LabStepForm(StepForm):
    """One order of a button of the laboratory: nobody verifies a result that was not on the page."""

    relies_on = WHAT_IS_SHOWN


class FindingForm(RowForm):
    """The result of one order; empty fields mean that there is none yet."""

    columns, relies_on = (), WHAT_IS_SHOWN

    def __init__(self, *args, row: LabOrder, shown: LabResult | None = None, **kwargs):
        super().__init__(*args, row=row, initial=typed(shown), **kwargs)
        self.shown = shown
        self.fields |= boxes(row.test) | (boxes_of_file(shown) if row.test.kind == ResultKind.FILE else {})

    @property
    def only_unit(self) -> str:
        """The unit of a number that can be entered in no other one."""
        units = self.row.test.units
        return shown_unit(units[0]) if len(units) == 1 else ""

    def clean_value(self):
        text = self.cleaned_data["value"].translate(SIGNS).strip()
        if text and not NUMBER.fullmatch(text):
            raise forms.ValidationError(
                _("Enter a number such as 4.2, or what was measured at most or at least, such as <0.5."),
                code="invalid",
            )
        return text

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        return examine(upload) if upload else None

    def clean(self):
        """Nothing that was typed or emptied is passed over without a word."""
        given = super().clean()
        for name in ("value", "choice", "text"):
            if name in self.fields and name not in self.errors and self._is_emptied(name):
                self.add_error(name, NOT_EMPTIED)
        is_alone = "text" in self.fields and not self.errors and given.get("flag") and not self._says_more
        if is_alone:
            self.add_error("text", NO_REPORT_WITH_FILE if "upload" in self.fields else NO_REPORT)
        return given

    def _is_emptied(self, name: str) -> bool:
        if self.cleaned_data.get(name, "").strip() or not self.initial.get(name):
            return False
        return name != "text" or not (self.has_file or self.cleaned_data.get("upload"))

    @property
    def _says_more(self) -> bool:
        """Whether there is more than an assessment."""
        has_file = self.has_file or self.cleaned_data.get("upload")
        return bool(self.cleaned_data.get("text", "").strip() or has_file)

    @property
    def finding(self) -> Finding | None:
        given = {name: self.cleaned_data.get(name, "") for name in ("unit", "choice", "text", "flag")}
        if text := self.cleaned_data.get("value"):
            comparator, digits = NUMBER.fullmatch(text).groups()
            return Finding(value=Decimal(digits), comparator=comparator or "", unit=given["unit"])
        file, without = self.cleaned_data.get("upload"), self.cleaned_data.get("without_file", False)
        is_given = given["choice"] or given["text"].strip() or file or without or self.has_file
        return Finding(**given, file=file, without_file=without) if is_given else None

    @property
    def has_file(self) -> bool:
        return "without_file" in self.fields


class OrderForm(forms.Form):
    """What a doctor orders for a visit: panels, single tests, how urgent it is, and why."""

    panels = forms.ModelMultipleChoiceField(
        label=_("Panels"), required=False, queryset=LabPanel.objects.none(), to_field_name="code"
    )
    tests = forms.ModelMultipleChoiceField(
        label=_("Single tests"), required=False, queryset=LabTest.objects.none(), to_field_name="code"
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency, initial=Urgency.ROUTINE)
    question = forms.CharField(label=_("Question to the laboratory"), required=False, max_length=300)
    confidentiality = forms.ChoiceField(
        label=_("Open to"), choices=Confidentiality, initial=Confidentiality.NORMAL
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panels"].queryset = LabPanel.objects.orderable().prefetch_related("tests")
        self.fields["tests"].queryset = LabTest.objects.orderable()


class CorrectionForm(FindingForm):
    """A corrected result, or none: the sample was another patient's, for example."""

    withdraw = forms.BooleanField(
        label=_("There is no valid result: withdraw it (what is entered above does not count)"),
        required=False,
    )
    reason = forms.CharField(label=_("Reason for the correction"), max_length=200)

    def clean(self):
        return self.cleaned_data if self.cleaned_data.get("withdraw") else super().clean()


def typed(result: LabResult | None) -> dict:
    """The result as a person would type it."""
    if result is None:
        return {}
    value = f"{result.comparator}{result.shown_value}" if result.value is not None else ""
    given = {name: getattr(result, name) for name in ("unit", "choice", "text", "flag")}
    return given | {"value": value}


def boxes(test: LabTest) -> dict[str, forms.Field]:
    if test.kind == ResultKind.NUMBER:
        return boxes_of_number(test)
    if test.kind == ResultKind.CHOICE:
        choices = [NOTHING, *((choice, choice) for choice in test.listed_choices)]
        return {"choice": forms.ChoiceField(label=test.name, choices=choices, required=False)}
    flags = [NOTHING, *((flag.value, flag.label) for flag in JUDGED)]
    label = _("Assessment: %(test)s") % {"test": test.name}
    text = forms.Textarea(attrs={"rows": 4})
    return {
        "text": forms.CharField(label=test.name, required=False, max_length=4000, widget=text),
        "flag": forms.ChoiceField(label=label, choices=flags, required=False),
    }


def boxes_of_file(shown: LabResult | None) -> dict[str, forms.Field]:
    """To choose a file, and to take away the one that is there."""
    accepted = forms.FileInput(attrs={"accept": ACCEPTED})
    upload = forms.FileField(
        label=_("File (PDF, PNG, JPEG or WebP)"), required=False, max_length=255, widget=accepted
    )
    if shown is None or shown.file is None:
        return {"upload": upload}
    label = _("Without the file %(name)s") % {"name": shown.file.original_name}
    return {"upload": upload, "without_file": forms.BooleanField(label=label, required=False)}


def boxes_of_number(test: LabTest) -> dict[str, forms.Field]:
    box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
    value = forms.CharField(label=test.name, required=False, max_length=20, widget=box)
    if len(test.units) == 1:
        return {"value": value}
    units = [(unit, shown_unit(unit)) for unit in test.units]
    label = _("Unit: %(test)s") % {"test": test.name}
    return {"value": value, "unit": forms.ChoiceField(label=label, choices=units, required=False)}
