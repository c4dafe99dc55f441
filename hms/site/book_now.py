"""Book at once, to be paid at the desk: for who sees on one page all there is to check."""

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

LOOK_AGAIN = _("Look at the price and try again.")


class BookNowForm(BookingForm):
    """The same questions, with the price that was shown beside them."""

    total = forms.DecimalField(
        widget=forms.HiddenInput, error_messages={"required": LOOK_AGAIN, "invalid": LOOK_AGAIN}
    )


class BookNow(StartBooking):
    """Sending the form books the time; whatever stands against it is said on the page it came from."""

    form_class = BookNowForm
    not_the_time = StartBooking.not_the_time | {PriceChanged.code}

    def get(self, request, reference):
        start = reverse("scheduling:start-booking", args=[reference])
        return redirect(f"{start}?{urlencode({'at': request.GET.get('at', '')})}")

    def hold_or_resume(self, form) -> Appointment:
        total, by = form.cleaned_data["total"], self.request.user
        try:
            return book_to_pay_at_desk(total=total, **self.booking_request(form))
        except ValidationError as refusal:
            # What stands in the way may be this login's own hold, made with the other button.
            if isinstance(refusal, PriceChanged) or self.own_hold is None:
                raise
        hold = super().hold_or_resume(form)
        return agree_to_pay_at_desk(appointment=hold, total=total, by=by)
