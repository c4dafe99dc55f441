"""Forms of the waiting list and of offers."""

from datetime import time, timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Guardianship, Patient
from hms.core.forms import RowForm
from scheduling.cells import LAST_MINUTE
from scheduling.forms.booking import HAS_BEEN_SEEN
from scheduling.forms.styled import StyledForm
from scheduling.models import Branch, Department, Doctor, WaitingListEntry
from scheduling.statuses import VisitKind, VisitMode, WaitingStatus

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
ORDER = _("The last must not be before the first.")


def require_days_and_hours_in_order(form: forms.Form) -> None:
    for first, last in (("first_day", "last_day"), ("earliest", "latest")):
        start, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
        if start is not None and end is not None and end < start:
            form.add_error(last, ORDER)


class JoinForm(StyledForm):
    """Who waits, and for which days and hours."""

    patient = forms.ChoiceField(
        label=_("Patient"),
        error_messages={"required": _("Choose who waits."), "invalid_choice": _("Choose who waits.")},
    )
    visit_kind = forms.ChoiceField(label=_("Have you seen this doctor before?"), choices=HAS_BEEN_SEEN)
    first_day = forms.DateField(label=_("From day"), widget=DAY)
    last_day = forms.DateField(label=_("Until day"), widget=DAY)
    earliest = forms.TimeField(
        label=_("Not before"), required=False, widget=CLOCK, help_text=_("Empty: from the morning on.")
    )
    latest = forms.TimeField(
        label=_("Not after"), required=False, widget=CLOCK, help_text=_("Empty: until the evening.")
    )
    branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label=_("Where"), required=False, empty_label=_("Any branch"), to_field_name="code",
    )  # fmt: skip
    mode = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("In person or by video")), *VisitMode.choices]
    )

    def __init__(self, *args, people: list[Guardianship], whom: Doctor | Department, **kwargs):
        super().__init__(*args, **kwargs)
        self.whom, self.people = whom, {each.patient.reference: each.patient for each in people}
        self.fields["patient"].choices = [(key, each.full_name) for key, each in self.people.items()]
        self.fields["branch"].queryset = Branch.objects.open()
        today = timezone.localdate()
        horizon = today + timedelta(days=settings.BOOKING["horizon_days"])
        self.initial = {"first_day": today, "last_day": horizon, "visit_kind": VisitKind.FIRST} | self.initial
        if not getattr(whom, "first_visit_slots", 1) > 1:
            del self.fields["visit_kind"]

    def clean_patient(self) -> Patient:
        return self.people[self.cleaned_data["patient"]]

    def clean_earliest(self) -> time:
        return self.cleaned_data["earliest"] or time.min

    def clean_latest(self) -> time:
        return self.cleaned_data["latest"] or LAST_MINUTE

    def clean(self):
        require_days_and_hours_in_order(self)
        return super().clean()

    def entry(self) -> WaitingListEntry:
        whom = {"doctor": self.whom} if isinstance(self.whom, Doctor) else {"department": self.whom}
        return WaitingListEntry(**self.cleaned_data, **whom)


class LeaveForm(RowForm):
    columns, relies_on = (), ("status",)

    def is_done(self, row):
        return row.status == WaitingStatus.LEFT


class OfferForm(RowForm):
    """One button of an offer; it counts for the time that was shown beside it."""

    columns, relies_on = (), ("status", "hold")

    def __init__(self, *args, to: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.to = to

    def is_done(self, row):
        return row.status == self.to
