"""Books a time from the first booking page, without the check page, to be paid at the front desk."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.exceptions import PriceChanged
from billing.services import agree_to_pay_at_desk, book_to_pay_at_desk
from scheduling.forms.booking import BookingForm
from scheduling.models import Appointment
from scheduling.views.booking import StartBooking

LOOK_AGAIN = _("Check the price and try again.")


class BookNowForm(BookingForm):
    """The booking form with the price that was shown."""

    total = forms.DecimalField(
        widget=forms.HiddenInput, error_messages={"required": LOOK_AGAIN, "invalid": LOOK_AGAIN}
    )


class BookNow(StartBooking):
    """POST books the time; a refusal is shown on the booking page."""

    form_class = BookNowForm
    not_the_time = StartBooking.not_the_time | {PriceChanged.code}

    def get(self, request, reference):
        start = reverse("scheduling:start-booking", args=[reference])
        asked = {name: request.GET[name] for name in ("at", "kind") if name in request.GET}
        return redirect(f"{start}?{urlencode(asked)}")

    def hold_or_resume(self, form) -> Appointment:
        total, by = form.cleaned_data["total"], self.request.user
        try:
            return book_to_pay_at_desk(total=total, **self.booking_request(form))
        except ValidationError as refusal:
            # The time may be taken by this login's own hold, made with the other button.
            if isinstance(refusal, PriceChanged) or self.own_hold is None:
                raise
        hold = super().hold_or_resume(form)
        return agree_to_pay_at_desk(appointment=hold, total=total, by=by)
