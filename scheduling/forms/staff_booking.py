"""The desk's forms. They parse a time; the service decides whether it can be booked."""

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from hms.core.forms import RowForm
from scheduling.models import Appointment, Doctor
from scheduling.models.appointment import WHAT_WAS_BOOKED
from scheduling.moments import parse_moment
from scheduling.services.booking import require_overbooking_reason
from scheduling.statuses import AppointmentStatus, BookingSource, VisitKind

TAKEN = "taken:"  # marks a taken time that is chosen on purpose
EXTRA = "extra:"  # marks an extra place in a full session
KEY_LENGTH = 32


class MomentField(forms.CharField):
    """A moment as the buttons of the page submit it."""

    default_error_messages = {
        "required": _("Please choose a time."),
        "invalid": _("This is not a valid time. Please choose one of the times shown."),
    }

    def clean(self, value):
        text = super().clean(value)
        moment = parse_moment(text.removeprefix(TAKEN).removeprefix(EXTRA))
        if moment is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class TimeForm(forms.Form):
    time = MomentField(label=_("Time"))
    visit_kind = forms.ChoiceField(
        choices=[("", ""), *VisitKind.choices], required=False, widget=forms.HiddenInput
    )


class StaffBookingForm(TimeForm):
    """A booking for a patient at the desk or on the telephone."""

    source = forms.ChoiceField(
        label=_("The patient"),
        choices=[(BookingSource.DESK, _("is here")), (BookingSource.PHONE, _("is on the phone"))],
        initial=BookingSource.DESK,
        widget=forms.RadioSelect,
    )
    symptoms = forms.CharField(
        label=_("Symptoms or reason for the visit"),
        required=False,
        max_length=Appointment._meta.get_field("symptoms").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    overbooking_reason = forms.CharField(label=_("Reason for overbooking"), required=False, max_length=200)
    idempotency_key = forms.CharField(
        max_length=64,
        widget=forms.HiddenInput,
        initial=lambda: get_random_string(KEY_LENGTH),
        error_messages={"required": _("Please start again.")},
    )

    @property
    def is_overbooking(self) -> bool:
        return self.data.get("time", "").startswith(TAKEN)

    @property
    def is_extra(self) -> bool:
        return self.data.get("time", "").startswith(EXTRA)

    def clean_overbooking_reason(self) -> str:
        """Kept only if a taken time is chosen on purpose."""
        if not self.is_overbooking:
            return ""
        return require_overbooking_reason(self.cleaned_data["overbooking_reason"])

    def booking_request(self) -> dict:
        """The arguments of the service except patient and doctor."""
        booking_request = dict(self.cleaned_data)
        if self.is_extra:
            del booking_request["overbooking_reason"]  # the service gives it
        return {"starts_at": booking_request.pop("time"), **booking_request}


class MoveForm(TimeForm, RowForm):
    """Another time for the appointment on the page, of the doctor whose times the page shows."""

    columns, relies_on = (), WHAT_WAS_BOOKED
    doctor: Doctor  # set by the page

    def is_done(self, row):
        is_same_kind = self.cleaned_data["visit_kind"] in ("", row.visit_kind)
        asked = (self.doctor.pk, self.cleaned_data["time"])
        return is_same_kind and (row.doctor_id, row.starts_at) == asked


class CancelSelectedForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=Appointment._meta.get_field("cancellation_reason").max_length,
        help_text=_("The patient can read it."),
    )


class CancelForm(CancelSelectedForm, RowForm):
    columns, relies_on = (), WHAT_WAS_BOOKED

    def is_done(self, row):
        return row.status == AppointmentStatus.CANCELLED


class DeskNoteForm(RowForm):
    desk_note = forms.CharField(
        label=_("Note of the desk"),
        required=False,
        max_length=Appointment._meta.get_field("desk_note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For reception and for those who run the visit, for example “needs a wheelchair”. "
            "The patient does not see it. Nothing about the illness belongs here."
        ),
    )


class AskTheDeskForm(RowForm):
    asked_of_desk = forms.CharField(
        label=_("What should the front desk do?"),
        max_length=Appointment._meta.get_field("asked_of_desk").max_length,
        help_text=_("For example “Move to next Monday”, or “Book a follow-up in two weeks”."),
    )


class SettleForm(RowForm):
    columns, relies_on = (), ("asked_of_desk",)

    def is_done(self, row):
        return not row.asked_of_desk
