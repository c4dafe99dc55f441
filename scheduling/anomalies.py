"""Anomaly rule: one login that takes many times and gives them back, so that nobody else gets them."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.anomalies.accesses import Access
from audit.anomalies.bursts import by_person, of_the_day
from audit.anomalies.registry import Finding, add_rule
from audit.models import Action
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

RELEASED = (AppointmentStatus.CANCELLED, AppointmentStatus.EXPIRED)


def many_released(accesses: Sequence[Access]) -> Iterator[Finding]:
    """A login booked or held many times on the patients' pages in a day that are free again."""
    label = Appointment._meta.label_lower
    taken = [
        access
        for access in accesses
        if access.model == label and access.action == Action.CREATE and not access.is_in_staff_site
    ]
    keys = [access.object_pk for access in taken]
    released = set(Appointment.objects.filter(pk__in=keys, status__in=RELEASED).values_list("pk", flat=True))
    for some in by_person(access for access in taken if int(access.object_pk) in released).values():
        if len(some) > settings.AUDIT_ANOMALIES["released_a_day"]:
            yield from of_the_day(some, lambda _access: None)


def add_rules() -> None:
    add_rule("many_released", _("Many visits booked and given up in a day"), many_released)
