from django import forms
from django.utils.translation import gettext_lazy as _

from hms.core.forms import OnceForm
from scheduling.forms.styled import StyledForm
from scheduling.statuses import FeedKind


class CalendarFeedForm(OnceForm, StyledForm):
    kind = forms.ChoiceField(
        label=_("Which visits"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which visits the calendar shows.")},
    )
    shows_names = forms.BooleanField(
        label=_("Show the names of patients"),
        help_text=_("Whoever sees your calendar, and the company that keeps it, then reads them."),
        required=False,
    )

    def __init__(self, *args, kinds: list[FeedKind], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.initial.setdefault("kind", kinds[0].value)
