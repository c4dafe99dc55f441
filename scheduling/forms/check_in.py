from django import forms
from django.utils.translation import gettext_lazy as _

from hms.core.date_parts import DatePartsField
from scheduling.forms.styled import StyledForm


class SelfCheckInForm(StyledForm):
    """What only the patient and who booked for them know together."""

    reference = forms.CharField(
        label=_("Reference of the booking"),
        help_text=_("Ten letters and digits, in your confirmation. A scanner may read its QR code."),
        max_length=20,
        error_messages={"required": _("Enter the reference of the booking.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    date_of_birth = DatePartsField(
        label=_("Date of birth of the patient"), help_text=_("For example, 27 3 1984")
    )

    def clean_reference(self) -> str:
        return "".join(self.cleaned_data["reference"].split()).replace("-", "").upper()
