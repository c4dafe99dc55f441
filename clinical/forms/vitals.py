from collections.abc import Callable

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from clinical.statuses import Consciousness, GlucoseKind
from clinical.vitals.entries import Entry, read, read_blood_pressure
from clinical.vitals.measures import MEASURES, VITALS

KEY_LENGTH = 32
MOMENT = "%Y-%m-%dT%H:%M"
TYPED = {"autocomplete": "off", "maxlength": 30}
NUMERIC = TYPED | {"inputmode": "numeric"}


class EntryField(forms.CharField):
    """A number with or without a unit; its clean value is what `read` returns, or None."""

    def __init__(self, read: Callable, **kwargs):
        super().__init__(required=False, max_length=30, **kwargs)
        self.read = read

    def clean(self, value):
        text = super().clean(value)
        return self.read(text) if text else None


def measured(name: str) -> EntryField:
    """The box of a measure in `VITALS`, labelled with its unit."""
    measure = VITALS[name]
    label = f"{measure.label} ({measure.unit})" if measure.unit else measure.label
    help_text = _("or %(example)s") % {"example": measure.example} if measure.example else ""
    # Telephones show no letters on a numeric keyboard.
    widget = forms.TextInput(attrs=TYPED if measure.others else NUMERIC)
    return EntryField(lambda text: read(measure, text), label=label, help_text=help_text, widget=widget)


class RecordVitalsForm(forms.Form):
    """What a nurse or doctor measures; the service decides."""

    temperature_c = measured("temperature_c")
    pulse = measured("pulse")
    blood_pressure = EntryField(
        read_blood_pressure,
        label=_("Blood pressure (mmHg)"),
        help_text=_("like 120/80"),
        widget=forms.TextInput(TYPED),
    )
    respirations = measured("respirations")
    oxygen_saturation = measured("oxygen_saturation")
    on_oxygen = forms.TypedChoiceField(
        label=_("Breathes"),
        choices=[("", _("Not recorded")), ("air", _("Air")), ("oxygen", _("Oxygen"))],
        coerce=lambda value: value == "oxygen",
        empty_value=None,
        required=False,
    )
    consciousness = forms.ChoiceField(
        label=_("Consciousness"), choices=[("", _("Not assessed")), *Consciousness.choices], required=False
    )
    pain = measured("pain")
    weight_kg = measured("weight_kg")
    height_cm = measured("height_cm")
    glucose_mg_dl = measured("glucose_mg_dl")
    glucose_kind = forms.ChoiceField(
        label=_("Glucose measured"), choices=GlucoseKind.choices, initial=GlucoseKind.RANDOM, required=False
    )
    measured_at = forms.DateTimeField(
        label=_("Measured at"),
        help_text=_("Empty: now."),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    is_spo2_scale_2 = forms.BooleanField(
        label=_("NEWS2 with oxygen scale 2"),
        help_text=_("Only for hypercapnic respiratory failure, when a doctor has decided so."),
        required=False,
    )
    idempotency_key = forms.CharField(
        max_length=64, widget=forms.HiddenInput, initial=lambda: get_random_string(KEY_LENGTH)
    )

    @property
    def entries(self) -> list[Entry]:
        """What was typed into the boxes and how it is understood, in the order of the table of measures."""
        found = [*(self.cleaned_data["blood_pressure"] or ()), *self.cleaned_data.values()]
        entries = [value for value in found if isinstance(value, Entry)]
        return sorted(entries, key=lambda entry: MEASURES.index(entry.measure))

    def measurements(self) -> dict:
        """The arguments of `record_vitals` except patient, appointment and person."""
        chosen = {
            name: value
            for name, value in self.cleaned_data.items()
            if not isinstance(self.fields[name], EntryField)
        }
        return chosen | {entry.measure.name: entry.value for entry in self.entries}
