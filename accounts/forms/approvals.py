from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.statuses import ApprovalStatus
from audit.statuses import OUTCOMES
from hms.core.forms import RowForm


class NoteForm(RowForm):
    columns, relies_on = (), ("status",)

    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class DecisionForm(NoteForm):
    """Another person decides about what was asked for."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (ApprovalStatus.APPROVED, _("Approve: it is done at once")),
            (ApprovalStatus.DECLINED, _("Decline")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    field_order = ["decision", "note"]


class OutcomeForm(RowForm):
    """What an anomaly about oneself was."""

    columns, relies_on = (), ("status",)

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[(each.value, each.label) for each in OUTCOMES], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}))
