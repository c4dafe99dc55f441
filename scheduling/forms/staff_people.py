"""Admin forms of doctors and nurses: their login, and who works with whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.exceptions import HasLogin, NoAddressForLogin
from scheduling.models import Nurse


class InvitationForm(forms.ModelForm):
    """Can make a login for a person who has none."""

    invite = forms.BooleanField(
        label=_("Make a login"),
        required=False,
        help_text=_("Sends a link to the e-mail address above, by which the person chooses a password."),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("invite"):
            if cleaned.get("user"):
                self.add_error("invite", HasLogin())
            if not cleaned.get("email") and "email" not in self.errors:
                self.add_error("email", NoAddressForLogin())
        return cleaned


class DoctorForm(InvitationForm):
    nurses = forms.ModelMultipleChoiceField(label=_("Nurses"), queryset=Nurse.objects.all(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["nurses"] = list(self.instance.nurses.all())
