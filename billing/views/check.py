"""The last page before a booking: check the choices and the price, choose how to pay."""

from http import HTTPStatus

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views import View

from billing.exceptions import HoldExpired
from billing.forms import AT_DESK, PayForm
from billing.models import Payment
from billing.services import agree_to_pay_at_desk, open_invoice
from billing.services.invoices import price_of
from billing.views.paying import begin_payment, ways_to_pay
from hms.core.refusals import put_on_form
from scheduling.exceptions import SlotNotOffered, SlotTaken
from scheduling.models import Appointment
from scheduling.moments import compact
from scheduling.own import changeable_appointment_or_404, has_been_seen, reads_symptoms
from scheduling.services.missed import terms_after_no_shows
from scheduling.statuses import AfterNoShows, AppointmentStatus, VisitKind

TIME_IS_GONE = (HoldExpired, SlotTaken, SlotNotOffered)


class CheckBooking(LoginRequiredMixin, View):
    """GET writes nothing; POST books the visit, or redirects to the payment page."""

    def get(self, request, reference):
        visit = changeable_appointment_or_404(request, reference)
        return elsewhere(request, visit) or self.show(visit, self.form_for(visit))

    def post(self, request, reference):
        visit = changeable_appointment_or_404(request, reference)
        if answer := elsewhere(request, visit):
            return answer
        form = self.form_for(visit, request.POST)
        if not form.is_valid():
            return self.show(visit, form, HTTPStatus.CONFLICT)
        try:
            return HttpResponseRedirect(self.pay(visit, form))
        except TIME_IS_GONE:
            return time_is_gone(request, visit)
        except ValidationError as refusal:
            put_on_form(form, refusal)
            self.quote = price_of(visit)
            return self.show(visit, form, HTTPStatus.CONFLICT)

    def pay(self, visit: Appointment, form: PayForm) -> str:
        user, way, total = self.request.user, form.cleaned_data["pay"], form.cleaned_data["total"]
        if way == AT_DESK:
            agree_to_pay_at_desk(appointment=visit, total=total, by=user)
            return reverse("scheduling:show-confirmation", args=[visit.reference])
        invoice = open_invoice(appointment=visit, total=total, by=user)
        return begin_payment(invoice, way, form.cleaned_data["key"], user)

    def form_for(self, visit: Appointment, data=None) -> PayForm:
        self.quote = price_of(visit)
        desk = terms_after_no_shows(visit.patient_id, visit.doctor) != AfterNoShows.PREPAY
        ways = ways_to_pay(self.request.user, visit.patient_id, self.quote, desk=desk)
        return PayForm(data, ways=ways, initial={"total": self.quote.total})

    def show(self, visit: Appointment, form: PayForm, status: int = 200):
        user = self.request.user
        mine = Payment.objects.visible_to(user).filter(invoice__appointment=visit)
        start = reverse("scheduling:start-booking", args=[visit.doctor.reference])
        context = {
            "appointment": visit,
            "shows_symptoms": reads_symptoms(user, visit),
            "is_unknown": is_unknown(user, visit),
            "quote": self.quote,
            "form": form,
            "waiting": mine.open().first(),
            "change_url": f"{start}?{urlencode({'at': compact(visit.starts_at)})}",
        }
        # The answers stay; the next attempt gets a new key and the current total.
        fresh = PayForm(ways=form.ways, initial=form.initial)
        context |= {"key": fresh["key"].value(), "total": self.quote.total}
        return render(self.request, "billing/check_booking.html", context, status=status)


def is_unknown(user, visit: Appointment) -> bool:
    """Whether somebody said that this is a follow-up, and the records have no visit before it."""
    is_follow_up = visit.visit_kind == VisitKind.FOLLOW_UP
    return is_follow_up and not has_been_seen(user, visit.patient, visit.doctor)


def elsewhere(request, visit: Appointment):
    """The response for a visit that is not a valid hold; None for a valid hold."""
    if visit.was_not_booked_in_time:
        return time_is_gone(request, visit)
    if visit.status == AppointmentStatus.CANCELLED:
        return redirect(visit)
    if visit.status != AppointmentStatus.HELD:
        return redirect("scheduling:show-confirmation", visit.reference)
    return None


def time_is_gone(request, visit: Appointment):
    waiting = Payment.objects.visible_to(request.user).filter(invoice__appointment=visit).open()
    context = {"appointment": visit, "waiting": waiting.first()}
    return render(request, "billing/time_is_gone.html", context, status=HTTPStatus.CONFLICT)
