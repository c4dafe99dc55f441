"""The page of an offer, for whoever holds its signed link; a GET shows it and only a POST acts."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from hms.core.refusals import put_on_form
from scheduling.equivalents import equivalents
from scheduling.forms.waiting import OfferForm
from scheduling.models import Offer
from scheduling.moments import compact, parse_moment
from scheduling.services import (
    accept_instead,
    accept_offer,
    choose_other_time,
    decline_offer,
    refund_instead,
)
from scheduling.services.missed import terms_after_no_shows
from scheduling.services.offers import answers_for, offer_with_link
from scheduling.statuses import HERE, AfterNoShows, AppointmentStatus, OfferStatus, name_of_place
from scheduling.views.words import day_and_time, words_of

MOST_SHOWN = 6
ANSWERS = {
    "accept": OfferStatus.ACCEPTED,
    "decline": OfferStatus.DECLINED,
    "choose": OfferStatus.CHOSE_OTHER,
    "refund": OfferStatus.DECLINED,
}
DONE = {
    OfferStatus.ACCEPTED: _("This time is booked for you."),
    OfferStatus.CHOSE_OTHER: _("Your visit has moved to the time that you chose."),
    OfferStatus.DECLINED: _("Thank you for telling us."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def answer_offer(request, token: str):
    offer = offer_with_link(token)
    if offer is None:
        raise Http404
    answer = request.POST.get("answer", "") if request.method == "POST" else ""
    form = OfferForm(request.POST if answer else None, row=offer, to=ANSWERS.get(answer, ""))
    if answer in ANSWERS and form.is_valid() and _answered(request, form, _service(request, offer, answer)):
        return redirect(request.path)
    offer = offer_with_link(token)
    context = {"offer": offer, "form": form, **_shown(offer), **_others(request, offer)}
    context["may_see_offers"] = request.user.is_staff and request.user.has_perm("scheduling.view_offer")
    response = render(request, "scheduling/answer_offer.html", context, status=_status(form))
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _service(request, offer: Offer, answer: str) -> Callable[[], Offer]:
    by = answers_for(request.user, offer)
    if answer == "choose":
        doctor, _sign, starts_at = request.POST.get("time", "").partition("@")
        return partial(
            choose_other_time, offer=offer, doctor=doctor, starts_at=parse_moment(starts_at), by=by
        )
    instead = offer.is_cascade
    services = {"accept": accept_instead if instead else accept_offer}
    services |= {"decline": decline_offer, "refund": refund_instead}
    return partial(services[answer], offer=offer, by=by)


def _answered(request, form: OfferForm, service: Callable[[], Offer]) -> bool:
    try:
        offer = form.save_unless_changed(service)
    except ValidationError as refusal:
        if not form.conflict:
            put_on_form(form, refusal)
        return False
    messages.success(request, DONE[offer.status])
    return True


def _status(form: OfferForm) -> int:
    return HTTPStatus.CONFLICT if form.conflict or form.errors else HTTPStatus.OK


def _shown(offer: Offer) -> dict:
    """The visit, the time that is offered, and what may be answered."""
    return {
        "visit": offer.displaced and words_of(offer.displaced),
        "offered": offer.hold and words_of(offer.hold),
        "statuses": OfferStatus,
        "is_open": offer.open_key is not None,
        "can_accept": offer.can_be_taken,
        "is_over": _is_over(offer),
        "pay_page": _pay_page(offer),
        "first_name": offer.patient.full_name.split()[0],
        "moved": words_of(offer.displaced) if offer.status == OfferStatus.CHOSE_OTHER else None,
    }


def _pay_page(offer: Offer) -> str:
    """Where a patient who must pay in advance books the time; empty for everybody else."""
    if offer.is_cascade or not offer.can_be_taken:
        return ""
    terms = terms_after_no_shows(offer.patient_id, offer.hold.doctor)
    return (
        reverse(settings.FINISH_BOOKING_URL, args=[offer.hold.reference])
        if terms == AfterNoShows.PREPAY
        else ""
    )


def _is_over(offer: Offer) -> bool:
    """Whether the visit to which the answer led is not coming any more."""
    visit = offer.displaced or offer.hold
    led_to_it = offer.status in (OfferStatus.ACCEPTED, OfferStatus.CHOSE_OTHER)
    return led_to_it and not (visit.status == AppointmentStatus.BOOKED or visit.status in HERE)


def _others(request, offer: Offer) -> dict:
    """Other times for a visit outside working hours, the best first."""
    if not offer.is_cascade or offer.open_key is None:
        return {"others": []}
    return {
        "chosen": request.POST.get("time", ""),
        "others": [
            {
                "value": f"{doctor.reference}@{compact(slot.starts_at)}",
                "when": day_and_time(slot.starts_at),
                "doctor": doctor.full_name,
                "place": name_of_place(slot.branch[0], slot.mode),
            }
            for doctor, slot in equivalents(offer.displaced)[:MOST_SHOWN]
        ],
    }
