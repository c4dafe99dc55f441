from django import forms
from django.utils.translation import gettext_lazy as _

from clinical.models import EmergencyAccess


class EmergencyForm(forms.Form):
    mrn = forms.CharField(label=_("Patient number"), max_length=20)
    reason = forms.CharField(
        label=_("Why do you need this record?"),
        max_length=EmergencyAccess._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The patient and the auditors read this."),
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
