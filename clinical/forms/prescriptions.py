"""The part of a page on which a doctor prescribes: lines as typed, and one form per item."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from clinical.models import Prescription
from clinical.prescribing.facts import Finding
from clinical.prescribing.line import PrescriptionLine
from clinical.prescribing.schedule import plain
from clinical.prescribing.typed import parse_schedule
from clinical.services.prescription_lines import line_of, lines_from, meant, refuse_dose, shown
from clinical.statuses import DoseUnit
from hms.core.refusals import Refusal, put_on_form

NEW_ITEMS = 3
MOST_ITEMS = 30
# Fills the list of choices while somebody types; without scripts the best match is taken when saving.
SUGGEST = {
    "hx-get": reverse_lazy("admin:find-medicines"),
    "hx-trigger": "input changed delay:200ms",
    "hx-target": "#medicines",
}


class PrescriptionForm(forms.Form):
    """What belongs to the whole draft. `seen` is the fingerprint of the draft that the page shows."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    weight_kg = forms.DecimalField(
        label=_("Weight (kg)"), required=False, min_value=Decimal("0.3"), max_value=400, decimal_places=3
    )
    lines = forms.CharField(
        label=_("Add medicines, one per line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "amox 500 1-0-1 5d after food"}),
        help_text=_(
            "Name, strength, schedule, days, instructions. Schedules: 1-0-1, BD, q8h, SOS max 3/day."
        ),
    )

    def clean_lines(self) -> list[PrescriptionLine]:
        return lines_from(self.cleaned_data["lines"].splitlines())


class PrescriptionItemForm(forms.Form):
    """One item; an empty medicine is no item."""

    medicine = forms.CharField(
        label=_("Medicine"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "medicines", "autocomplete": "off"} | SUGGEST),
    )
    dose = forms.DecimalField(
        label=_("Dose"), required=False, min_value=Decimal("0.01"), max_value=99_999, decimal_places=3
    )
    dose_unit = forms.ChoiceField(
        label=_("Unit"), required=False, choices=[("", _("as usual")), *DoseUnit.choices]
    )
    schedule = forms.CharField(label=_("Schedule"), required=False, max_length=200)
    duration_days = forms.IntegerField(label=_("Days"), required=False, min_value=1, max_value=1095)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        required=False,
        min_value=1,
        max_value=9999,
        widget=forms.NumberInput(attrs={"placeholder": _("computed")}),
    )
    instructions = forms.CharField(label=_("Instructions"), required=False, max_length=200)

    line: PrescriptionLine | None = None

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("medicine"):
            return cleaned
        try:
            parse_schedule(cleaned.get("schedule", ""))
            line = self._line(cleaned)
            if "dose" in cleaned:
                refuse_dose(line)
        except Refusal as refusal:
            put_on_form(self, refusal)
        else:
            self.line = line
        return cleaned

    def _line(self, cleaned) -> PrescriptionLine:
        return PrescriptionLine(
            schedule=cleaned["schedule"],
            **meant(cleaned["medicine"], cleaned.get("dose_unit", "")),
            dose=cleaned.get("dose"),
            dose_unit=cleaned.get("dose_unit", ""),
            duration_days=cleaned.get("duration_days"),
            quantity=cleaned.get("quantity"),
            instructions=cleaned.get("instructions", ""),
        )


class BasePrescriptionItemFormSet(forms.BaseFormSet):
    def lines(self) -> list[PrescriptionLine]:
        """The items that are filled in."""
        return [form.line for form in self.forms if form.line is not None]


PrescriptionItemFormSet = forms.formset_factory(
    PrescriptionItemForm,
    formset=BasePrescriptionItemFormSet,
    extra=NEW_ITEMS,
    max_num=MOST_ITEMS,
    validate_max=True,
)


@dataclass(frozen=True)
class FindingRow:
    """A finding with the reason that was typed for it; `number` names its boxes on the page."""

    finding: Finding
    number: int
    reason: str = ""


def finding_rows(findings: list[Finding], reasons: dict[str, str]) -> list[FindingRow]:
    return [
        FindingRow(finding, number, reasons.get(finding.key, "")) for number, finding in enumerate(findings)
    ]


def reasons_in(data) -> dict[str, str]:
    """The reasons that a page sent, by the key of their finding: the findings may have changed since."""
    return {
        key: data.get(f"reason-{number}", "")
        for name, key in data.items()
        if (number := name.removeprefix("finding-")) != name
    }


def initial_of(draft: Prescription | None) -> list[dict]:
    """What the forms of the items show."""
    if draft is None:
        return []
    return [_initial(item) for item in draft.items.select_related("medicine").order_by("position")]


def _initial(item) -> dict:
    line = line_of(item)
    return {
        "medicine": shown(line),
        "dose": plain(item.dose),
        "dose_unit": item.dose_unit,
        "schedule": item.schedule,
        "duration_days": item.duration_days,
        "quantity": line.quantity,
        "instructions": item.instructions,
    }
