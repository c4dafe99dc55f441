from django import forms
from django.utils.translation import gettext_lazy as _

from hms.core.forms import StepForm
from hms.webhooks.models import Endpoint
from hms.webhooks.statuses import TOPICS


class EndpointForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=TOPICS, widget=forms.CheckboxSelectMultiple,
        help_text=_("“Everything” includes what later versions add."),
    )  # fmt: skip

    class Meta:
        model = Endpoint
        fields = ["name", "url", "events"]


class RotateForm(StepForm):
    """The button for a new secret, which works once for each page that showed it."""

    relies_on = ("old_secret_until",)

    def is_done(self, row):  # noqa: ARG002 - a second secret is never the one that was asked for
        return False
