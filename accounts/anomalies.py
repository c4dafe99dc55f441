"""Anomaly rules that depend on the patient: own or family's record, confidential patients, large families."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Guardianship, Patient
from audit.anomalies.accesses import Access
from audit.anomalies.bursts import by_person, of_the_day
from audit.anomalies.registry import Finding, add_rule
from audit.models import Action


def own_record(accesses: Sequence[Access]) -> Iterator[Finding]:
    """Somebody opened or changed their own or their family's record in the staff site."""
    opened = _opened(accesses)
    own: dict[int, set[int]] = defaultdict(set)
    held = Guardianship.objects.in_force().filter(user__in={access.actor_id for access in opened})
    for user_id, patient_id in held.values_list("user_id", "patient_id"):
        own[user_id].add(patient_id)
    mine = [access for access in opened if access.patient_id in own[access.actor_id]]
    yield from of_the_day(mine, lambda access: access.patient_id)


def confidential_record(accesses: Sequence[Access]) -> Iterator[Finding]:
    """Somebody opened or changed the record of a confidential patient in the staff site."""
    confidential = set(Patient.objects.filter(is_confidential=True).values_list("pk", flat=True))
    seen = [access for access in _opened(accesses) if access.patient_id in confidential]
    yield from of_the_day(seen, lambda access: access.patient_id)


def many_in_care(accesses: Sequence[Access]) -> Iterator[Finding]:
    """A login added, or ended its care for, many people on the patients' pages in a day."""
    label = Guardianship._meta.label_lower
    given = [
        access
        for access in accesses
        if access.model == label
        and access.action in (Action.CREATE, Action.UPDATE)
        and access.is_of_one_patient
        and not access.is_in_staff_site
    ]
    for some in by_person(given).values():
        if len({access.patient_id for access in some}) > settings.AUDIT_ANOMALIES["in_care_a_day"]:
            yield from of_the_day(some, lambda _access: None)


def _opened(accesses: Sequence[Access]) -> list[Access]:
    return [access for access in accesses if access.is_in_staff_site and access.is_of_one_patient]


def add_rules() -> None:
    add_rule("own_record", _("Own or family's record"), own_record)
    add_rule("many_in_care", _("Many people added or ended by one login in a day"), many_in_care)
    add_rule("confidential", _("Confidential patient"), confidential_record)
