"""Visits of a person for whom somebody stops acting, and offers whose times are booked, given up or over."""

from django.dispatch import receiver

from accounts.signals import care_ending
from accounts.statuses import ComingVisits
from scheduling.exceptions import VisitsUndecided
from scheduling.services.cascade import settle_elsewhere
from scheduling.services.changes import cancel_coming_visits, coming_visits
from scheduling.services.offers import decline_with, run_out_with, take_with
from scheduling.signals import (
    appointment_booked,
    appointment_cancelled,
    appointment_expired,
    appointment_rescheduled,
)
from scheduling.statuses import OfferStatus


@receiver(care_ending)
def decide_about_the_visits(guardianship, visits, by, **_kwargs):
    """Cancel or keep the visits that the person may cancel; refuses to end the care before that is chosen."""
    if visits == ComingVisits.CANCEL:
        cancel_coming_visits(patient=guardianship.patient, by=by)
    elif visits != ComingVisits.KEEP and coming_visits(guardianship.patient, by):
        raise VisitsUndecided


@receiver(appointment_booked)
def accept_the_offer(appointment, by, **_kwargs):
    take_with(appointment, by=by)


@receiver(appointment_expired)
def end_the_offer(appointment, **_kwargs):
    run_out_with(appointment)


@receiver(appointment_cancelled)
def settle_offers_of_cancelled(appointment, by, **_kwargs):
    decline_with(appointment, by=by)
    settle_elsewhere(appointment, OfferStatus.DECLINED, by=by)


@receiver(appointment_rescheduled)
def settle_offers_of_moved(appointment, by, **_kwargs):
    settle_elsewhere(appointment, OfferStatus.CHOSE_OTHER, by=by)
