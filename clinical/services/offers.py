"""Which pages of a visit the services would accept something from, so that no other is offered."""

from collections.abc import Callable

from clinical.models import Encounter
from clinical.services.certificates import refuse_to_certify
from clinical.services.encounters import refuse_to_begin
from clinical.services.lab_orders import refuse_not_held
from clinical.services.prescriptions import prescriber
from clinical.services.vitals import refuse_to_measure
from hms.core.refusals import Refusal
from scheduling.models import Appointment

OFFERS: dict[str, tuple[str, Callable]] = {
    "consultation": ("clinical.add_encounter", lambda visit, by: _refuse_to_open(visit, by)),
    "vitals": ("clinical.add_vitalsigns", lambda visit, _by: refuse_to_measure(visit)),
    "prescribe": ("clinical.add_prescription", lambda visit, by: prescriber(visit, by)),
    "order-tests": ("clinical.add_laborder", lambda visit, _by: refuse_not_held(visit)),
    "issue-certificate": ("clinical.add_certificate", lambda visit, by: refuse_to_certify(visit, by)),
}


def offered_pages(visit: Appointment, user) -> frozenset[str]:
    """The names of the pages, for a visit that is open to the user."""
    return frozenset(
        name
        for name, (permission, refuse) in OFFERS.items()
        if user.has_perm(permission) and _is_accepted(refuse, visit, user)
    )


def _is_accepted(refuse: Callable, visit: Appointment, user) -> bool:
    try:
        refuse(visit, user)
    except Refusal:
        return False
    return True


def _refuse_to_open(visit: Appointment, by) -> None:
    """A record that the user may read opens; a new one only if it can be begun."""
    if not Encounter.objects.visible_to(by).filter(appointment=visit).exists():
        refuse_to_begin(visit, by, is_begun=False)
