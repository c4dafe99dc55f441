from django import forms
from django.utils.translation import gettext_lazy as _

from hms.core.forms import RowForm, StepForm
from scheduling.forms.styled import TOO_LONG, StyledForm
from scheduling.models.appointment import WHAT_WAS_BOOKED
from scheduling.moments import parse_moment
from scheduling.statuses import AppointmentStatus


class DayStepForm(StepForm):
    """One button of the day of the visit."""

    relies_on = WHAT_WAS_BOOKED


class SymptomsForm(StyledForm, RowForm):
    relies_on = ("status",)

    symptoms = forms.CharField(
        label=_("What it is about"),
        help_text=_("Your symptoms, and when they began. Do not use this in an emergency."),
        required=False,
        max_length=1000,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CancelForm(StyledForm, RowForm):
    columns, relies_on = (), WHAT_WAS_BOOKED

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("This is optional and helps us to improve."),
        required=False,
        max_length=200,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def is_done(self, row):
        return row.status == AppointmentStatus.CANCELLED


class RescheduleForm(StyledForm, RowForm):
    """The new time, as it appears in the address of the chosen slot."""

    columns, relies_on = (), WHAT_WAS_BOOKED

    at = forms.CharField(
        max_length=40,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose a time.")},
    )
    doctor = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    kind = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)

    def clean_at(self):
        starts_at = parse_moment(self.cleaned_data["at"])
        if starts_at is None:
            raise forms.ValidationError(_("This is not a valid time. Choose one of these."), code="invalid")
        return starts_at

    def is_done(self, row):
        asked = self.cleaned_data["doctor"]
        is_asked_doctor = row.doctor.reference == asked if asked else not self._has_another_doctor(row)
        return is_asked_doctor and row.starts_at == self.cleaned_data["at"]

    def _has_another_doctor(self, row) -> bool:
        return self.compared().has_changed("doctor", row.doctor)
