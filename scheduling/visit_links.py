"""Links of messages that need no login: for one visit at one time, so that moving it ends them."""

from scheduling.link_codes import code_for, is_same, reference_of, with_end_of_care
from scheduling.models import Appointment
from scheduling.moments import compact

SALT = "scheduling.visit_links"


def code_of(appointment: Appointment) -> str:
    said = f"{appointment.reference} {compact(appointment.starts_at)}"
    return code_for(appointment, said, salt=SALT)


def visit_of(code: str) -> Appointment | None:
    """The visit that a code is about, as long as it is at the time for which the code was written."""
    visits = Appointment.objects.filter(reference=reference_of(code)).for_list()
    found = with_end_of_care(visits).first()
    return found if found and is_same(code_of(found), code) else None
