"""Rules that need the log alone; their limits are in settings.AUDIT_ANOMALIES."""

from collections.abc import Iterator, Sequence
from datetime import time

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.anomalies.accesses import Access
from audit.anomalies.bursts import by_person, of_the_day, within_an_hour
from audit.anomalies.registry import Finding, add_rule


def many_opened(accesses: Sequence[Access]) -> Iterator[Finding]:
    """Somebody opened more records within an hour than their role explains."""
    opened = [access for access in accesses if access.is_in_staff_site and access.is_of_one_patient]
    for some in by_person(opened).values():
        at_desk = any(access.roles.intersection(_limit("desk_roles")) for access in some)
        limit = _limit("opened_at_desk_an_hour" if at_desk else "opened_an_hour")
        yield from within_an_hour(some, limit, lambda access: access.patients)


def many_listed(accesses: Sequence[Access]) -> Iterator[Finding]:
    """Somebody saw very many patients on lists, in searches and exports within an hour."""
    seen = [access for access in accesses if access.is_in_staff_site and not access.is_refused]
    for some in by_person(seen).values():
        yield from within_an_hour(some, _limit("listed_an_hour"), lambda access: access.patients)


def many_refused(accesses: Sequence[Access]) -> Iterator[Finding]:
    """Somebody repeatedly requested records that they may not see."""
    refused = [access for access in accesses if access.is_refused]
    for some in by_person(refused).values():
        # Reaching this limit is a finding; for the other rules exceeding it is.
        yield from within_an_hour(some, _limit("refused_an_hour") - 1, lambda access: [access.event_id])


def after_hours(accesses: Sequence[Access]) -> Iterator[Finding]:
    """Somebody without night duty saw patients in the staff site outside the hospital's hours."""
    begins, ends = (time.fromisoformat(_limit(name)) for name in ("day_begins", "day_ends"))
    late = [
        access
        for access in accesses
        if access.is_in_staff_site
        and access.patients
        and not access.roles.intersection(_limit("night_roles"))
        and not begins <= timezone.localtime(access.at).time() < ends
    ]
    yield from of_the_day(late, lambda _access: None)


def _limit(name: str):
    return settings.AUDIT_ANOMALIES[name]


def add_rules() -> None:
    add_rule("many_opened", _("Many records opened in an hour"), many_opened)
    add_rule("many_listed", _("Very many patients on lists in an hour"), many_listed)
    add_rule("many_refused", _("Refused again and again"), many_refused)
    add_rule("after_hours", _("Outside the hospital's hours"), after_hours)
