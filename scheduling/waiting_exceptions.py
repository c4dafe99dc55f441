"""Refusals of the waiting list and of offers."""

from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class AlreadyWaiting(Refusal):
    code = "already_waiting"
    text = _("This patient is on the waiting list for this already.")


class TooManyWaiting(Refusal):
    code = "too_many_waiting"
    text = _("This patient waits for %(limit)d times already. Leave one of the lists, or call us.")


class WaitsInThePast(Refusal):
    code = "waits_in_the_past"
    field = "last_day"
    text = _("This day is over. Choose a day to come.")


class WaitsTooLong(Refusal):
    code = "waits_too_long"
    field = "last_day"
    text = _("Choose a day within the next %(days)d days.")


class OfferIsOver(Refusal):
    code = "offer_is_over"
    text = _("This offer is over. The time is no longer held for you.")


class NotWaiting(Refusal):
    code = "not_waiting"
    text = _("Nobody waits for this time, or a time is offered already.")


class AnswerTheOffer(Refusal):
    code = "answer_the_offer"
    text = _("This time is held instead of a visit that you have. Accept it on the page of the offer.")


class NotEquivalent(Refusal):
    code = "not_equivalent"
    text = _("This time is no longer free. Please choose another one.")
