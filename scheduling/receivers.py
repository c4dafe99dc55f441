"""Visits of a person for whom somebody stops acting."""

from django.dispatch import receiver

from accounts.signals import care_ending
from accounts.statuses import ComingVisits
from scheduling.exceptions import VisitsUndecided
from scheduling.services.changes import cancel_coming_visits, coming_visits


@receiver(care_ending)
def decide_about_the_visits(guardianship, visits, by, **_kwargs):
    """Cancel or keep the visits that the person may cancel; refuses to end the care before that is chosen."""
    if visits == ComingVisits.CANCEL:
        cancel_coming_visits(patient=guardianship.patient, by=by)
    elif visits != ComingVisits.KEEP and coming_visits(guardianship.patient, by):
        raise VisitsUndecided
