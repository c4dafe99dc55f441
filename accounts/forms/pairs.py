from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.statuses import PairStatus
from hms.core.forms import RowForm

LABELS = {
    PairStatus.SAME: _("Same person: the newer record is marked as a duplicate"),
    PairStatus.DIFFERENT: _("Different people: this pair is not shown again"),
    PairStatus.OPEN: _("Undo the decision"),
}


class PairForm(forms.Form):
    """The first decision about a pair; offers only what may follow."""

    status = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    reason = forms.CharField(
        label=_("How do you know?"), max_length=200,
        help_text=_("For example: both came with one Aadhaar card; twins, seen together."),
    )  # fmt: skip

    def __init__(self, *args, current: PairStatus, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [status for status in LABELS if status in PairStatus.STEPS[current]]
        self.fields["status"].choices = [(status.value, LABELS[status]) for status in offered]


class DecidedPairForm(PairForm, RowForm):
    """Undoes the decision that was shown, or decides again after that."""

    columns, relies_on = (), ("status",)
