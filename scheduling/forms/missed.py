from django import forms
from django.utils.translation import gettext_lazy as _

from hms.core.forms import RowForm
from scheduling.forms.styled import TOO_LONG, StyledForm
from scheduling.statuses import MissedBecause


class MissedForm(StyledForm, RowForm):
    relies_on = ("status",)

    missed_because = forms.ChoiceField(
        label=_("What kept you?"),
        choices=MissedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    missed_words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=300,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
