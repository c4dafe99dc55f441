"""Guardianships: granted with consent, limited in scope, revocable at any time."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min, Q
from django.utils import timezone

from accounts.exceptions import (
    AlreadyInFamily,
    ChildIsAdult,
    ConsentMissing,
    IsYourself,
    OwnAccess,
    ScopeMissing,
    TooManyInCare,
    TooManyToday,
    TooYoungForRelation,
)
from accounts.matching import compare
from accounts.models import Guardianship, Patient, Relation, Scope, User
from accounts.models.patient import ADULT_AT
from accounts.particulars import Particulars
from accounts.services.duplicates import person_of
from accounts.services.own_records import check_own, make_room
from accounts.services.patients import add_patient_once, end_of_care, registered_with
from accounts.signals import care_ended, care_ending, care_given
from accounts.statuses import ComingVisits
from hms.core.days import local_day
from hms.core.locks import lock_row, lock_rows
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, System, acting, person
from hms.core.transactions import retried_atomic

MOST_IN_CARE, MOST_REGISTERED, MOST_REGISTERED_A_DAY = 12, 24, 6
OF_ADULTS = (Relation.CHILD, Relation.SPOUSE)  # relations that nobody under 18 stands in


@retried_atomic
def register_dependant(
    *,
    particulars: Particulars,
    relation: str,
    scopes: Iterable[str],
    consent_statement: str,
    idempotency_key: str | None = None,
    by: User,
) -> Guardianship:
    """Register a new patient whom `by` cares for.

    Refuses without consent or scope, too many people, and whom `by` already cares for, `by` above all. Other
    patients are not compared, so that nobody learns whether a person is a patient.
    The same key returns the first guardianship and changes nothing.
    """
    lock_row(User.objects.all(), pk=by.pk)  # so that requests from two tabs count one after the other
    patient = Patient(**particulars.new_row())
    if registered_with(idempotency_key, by):
        return by.guardianships.get(patient=add_patient_once(patient, idempotency_key, by))
    _check_is_new(patient, by)
    patient = add_patient_once(patient, idempotency_key, by)
    return give_care(
        user=by,
        patient=patient,
        relation=relation,
        scopes=scopes,
        consented_by=by,
        consent_statement=consent_statement,
    )


def _check_is_new(patient: Patient, by: User) -> None:
    """Refuse too many people, and whom `by` already cares for; no other patient is compared or revealed."""
    _check_number(by)
    if not patient.full_name or not patient.date_of_birth:
        return  # which is refused when the patient is saved
    person = person_of(patient)
    for held in by.guardianships.in_force().select_related("patient"):
        if compare(person, person_of(held.patient)).is_evident:
            raise IsYourself if held.relation == Relation.SELF else AlreadyInFamily(name=patient.full_name)


def _check_number(by: User) -> None:
    """Refuse more people than a family has, over all time and on one day: care that has ended counts too."""
    given = by.guardianships.filter(consented_by=by).exclude(relation=Relation.SELF)
    today = given.filter(consented_at__gte=local_day(timezone.localdate())[0])
    if by.guardianships.in_force().count() >= MOST_IN_CARE or given.count() >= MOST_REGISTERED:
        raise TooManyInCare(limit=MOST_IN_CARE)
    if today.count() >= MOST_REGISTERED_A_DAY:
        raise TooManyToday(limit=MOST_REGISTERED_A_DAY)


@retried_atomic
def grant_guardianship(
    *,
    user: User,
    patient: Patient,
    relation: str,
    by: User | System,
    scopes: Iterable[str] = tuple(Scope),
    consent_statement: str,
    ends_on: date | None = None,
) -> Guardianship:
    """Let a login act for a patient; refuses anybody but the desk and the patient's own login."""
    if not _may_decide_for(patient, by, "accounts.add_guardianship"):
        raise NotAllowed
    return give_care(
        user=user,
        patient=patient,
        relation=relation,
        scopes=scopes,
        consented_by=person(by) or user,
        consent_statement=consent_statement,
        ends_on=ends_on,
    )


@transaction.atomic
def give_care(
    *,
    user: User,
    patient: Patient,
    relation: str,
    scopes: Iterable[str],
    consented_by: User,
    consent_statement: str,
    ends_on: date | None = None,
) -> Guardianship:
    """Create the guardianship, or renew it if it was revoked. The caller checks permissions."""
    scopes = set(scopes)
    _check_care(user, patient, relation, scopes, consent_statement)
    agreed = {
        "relation": relation,
        **{scope.value: scope in scopes for scope in Scope},
        "consented_at": timezone.now(),
        "consented_by": consented_by,
        "consent_statement": consent_statement,
        "ends_on": end_of_care(patient, relation, ends_on),
        "revoked_at": None,
    }
    if relation == Relation.SELF:
        return _write_own(user, patient, **agreed)
    guardianship = _write(user, patient, **agreed, is_own=None)
    care_given.send(Guardianship, guardianship=guardianship, by=consented_by)
    return guardianship


def _write_own(user: User, patient: Patient, **agreed: Any) -> Guardianship:
    make_room(user, patient)
    try:
        with transaction.atomic():
            return _write(user, patient, **agreed, is_own=True)
    except IntegrityError:
        check_own(user, patient)  # says what another desk has done at the same moment
        raise


def _write(user: User, patient: Patient, **agreed: Any) -> Guardianship:
    return Guardianship.objects.update_or_create(user=user, patient=patient, defaults=agreed)[0]


@retried_atomic
def revoke_guardianship(
    *, guardianship: Guardianship, visits: str = ComingVisits.KEEP, by: User | System
) -> Guardianship:
    """End a login's access to a patient; does nothing if it has already been revoked.

    The patient's coming visits stay booked or are cancelled with it, as `visits` says.

    Refuses anybody but the carer, the patient and the desk, and a login's access to its own patient unless
    the desk revokes it.
    """
    guardianship = lock_row(Guardianship.objects.all(), pk=guardianship.pk)
    is_desk = acting(by).has_perm("accounts.change_guardianship")
    is_own = guardianship.user_id == by.pk
    if not is_own and not _may_decide_for(guardianship.patient, by, "accounts.change_guardianship"):
        raise NotAllowed
    if guardianship.relation == Relation.SELF and not is_desk:
        raise OwnAccess
    if guardianship.revoked_at is None:
        care_ending.send(Guardianship, guardianship=guardianship, visits=visits, by=by)
        guardianship.revoked_at, guardianship.is_own = timezone.now(), None
        guardianship.save(update_fields=["revoked_at", "is_own"])
        care_ended.send(Guardianship, guardianship=guardianship, by=by)
    return guardianship


@retried_atomic
def end_care_at_18() -> list[str]:
    """Give care that was agreed for a minor without an end, or beyond the 18th birthday, its end on it.

    Runs after each `migrate`, for rows from before that rule. Returns what it did, in words.
    """
    first = Guardianship.objects.aggregate(at=Min("consented_at"))["at"]
    if first is None:
        return []
    minors_then = Q(patient__date_of_birth__gt=first - timedelta(days=366 * ADULT_AT))
    agreed = Guardianship.objects.filter(minors_then, revoked_at=None).exclude(relation=Relation.SELF)
    changed = 0
    for guardianship in lock_rows(agreed.select_related("patient").order_by("pk")):
        ends_on, adult_on = guardianship.ends_on, guardianship.patient.adult_on
        was_minor = timezone.localdate(guardianship.consented_at) < adult_on
        if was_minor and (ends_on is None or ends_on > adult_on):
            guardianship.ends_on = adult_on
            guardianship.save(update_fields=["ends_on"])
            changed += 1
    return [f"{changed} guardianships of minors end on the 18th birthday now."] if changed else []


def _may_decide_for(patient: Patient, by: User | System, permission: str) -> bool:
    if acting(by) is SYSTEM:
        return True
    if by.has_perm(permission):
        return Patient.objects.visible_to(by).filter(pk=patient.pk).exists()
    own = patient.guardianships.in_force().filter(user=by, relation=Relation.SELF)
    return own.exists()


def _check_care(user, patient, relation, scopes, consent_statement) -> None:
    if not consent_statement.strip():
        raise ConsentMissing
    if not scopes:
        raise ScopeMissing
    if relation == Relation.PARENT and not patient.is_minor:
        raise ChildIsAdult
    if relation in OF_ADULTS and patient.is_minor:
        raise TooYoungForRelation(relation=Relation(relation).label)
    if relation == Relation.SELF:
        check_own(user, patient)
