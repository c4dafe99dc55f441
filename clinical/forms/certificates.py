from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from clinical.certificates.texts import DRAFTS
from clinical.statuses import CertificateKind

PERIODS = {CertificateKind.SICK_NOTE: ("from_on", "to_on"), CertificateKind.FITNESS: ("from_on",)}


class DayInput(forms.DateInput):
    """The browser's calendar, which reads and sends 2026-11-22."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class CertificateForm(forms.Form):
    """One kind of certificate or letter, with a draft of its text and only the boxes that this kind has."""

    from_on = forms.DateField(label=_("From"), required=False, initial=localdate, widget=DayInput)
    to_on = forms.DateField(label=_("To, included"), required=False, widget=DayInput)
    identification_mark = forms.CharField(
        label=_("Identification mark"),
        required=False,
        max_length=120,
        help_text=_("As the register of certificates needs it, for example: scar on the left hand."),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Name the illness only if the patient wants others to know it."),
    )

    def __init__(self, *args, kind: CertificateKind, **kwargs):
        super().__init__(*args, initial={"text": DRAFTS[kind]}, **kwargs)
        for name in {"from_on", "to_on"}.difference(PERIODS.get(kind, ())):
            del self.fields[name]
