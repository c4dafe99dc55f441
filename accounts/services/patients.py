from collections.abc import Collection, Iterable
from datetime import date
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.exceptions import BirthDateIsFixed
from accounts.models import Patient, Relation, Scope
from accounts.particulars import Particulars
from accounts.services.numbers import next_mrns
from hms.core.locks import lock_first
from hms.core.refusals import KeyReused, NotAllowed
from hms.core.rights import SYSTEM, acting, require
from hms.core.transactions import retried_atomic

UNCHANGED = Particulars()
ROWS_PER_INSERT = 500
CHECKED_BY_DATABASE = ("mrn", "preferred_language")


@retried_atomic
def register_patient(
    *, particulars: Particulars, is_confidential: bool = False, idempotency_key: str | None = None, by
) -> Patient:
    """Register a walk-in or caller; refuses invalid particulars, and without the permission.

    The same key returns the first patient. Possible duplicates are not refused: the form warns of them with
    `similar_patients`.
    """
    require(by, "accounts.add_patient")
    patient = Patient(is_confidential=is_confidential, **particulars.new_row())
    return add_patient_once(patient, idempotency_key, by)


@retried_atomic
def register_patients(*, particulars: Iterable[Particulars], by) -> list[Patient]:
    """Register walk-ins in this order, all or none; refuses like `register_patient`."""
    require(by, "accounts.add_patient")
    return add_patients([Patient(**each.new_row()) for each in particulars])


def add_patient(patient: Patient) -> Patient:
    """Save a new patient with the next MRN. The caller checks permissions."""
    return add_patients([patient])[0]


def add_patient_once(patient: Patient, key: str | None, by) -> Patient:
    """`add_patient`, or the patient whom the same person has registered with this key."""
    if first := registered_with(key, by):
        return _same(first, patient)
    patient.idempotency_key = _scoped(key, by)
    try:
        with transaction.atomic():
            return add_patient(patient)
    except ValidationError:
        if first := registered_with(key, by):  # at the same moment
            return _same(first, patient)
        raise


def registered_with(key: str | None, by) -> Patient | None:
    return Patient.objects.filter(idempotency_key=_scoped(key, by)).first() if key else None


def _scoped(key: str | None, by) -> str | None:
    """The key together with the person, so that no key finds a patient whom somebody else registered."""
    return sha256(f"{by.pk}/{key}".encode()).hexdigest() if key else None


def _same(first: Patient, patient: Patient) -> Patient:
    patient.tidy_up()
    patient.set_keys()
    if (first.name_key, first.date_of_birth) != (patient.name_key, patient.date_of_birth):
        raise KeyReused
    return first


def add_patients(patients: list[Patient]) -> list[Patient]:
    """Save new patients with the next MRNs, all or none; refuses invalid values at their field."""
    for patient in patients:
        _clean(patient)
    for patient, mrn in zip(patients, next_mrns(len(patients)), strict=True):
        patient.mrn = mrn
    try:
        with transaction.atomic():
            return Patient.objects.bulk_create(patients, batch_size=ROWS_PER_INSERT)
    except IntegrityError as error:
        for patient in patients:
            patient.full_clean(exclude=["mrn"])  # says at the field what the database has refused
        message = _("A number of one of these patients belongs to another patient.")
        raise ValidationError(message, code="unique") from error


def _clean(patient: Patient, exclude: Collection[str] = ()) -> None:
    patient.tidy_up()
    patient.clean_fields(exclude={*CHECKED_BY_DATABASE, *exclude})
    patient.clean()


def check_patient(*, patient: Patient, exclude: Collection[str] = ()) -> None:
    """Refuse particulars that saving this patient would refuse; writes nothing."""
    _clean(patient, exclude)
    if patient.abha_number and "abha_number" not in exclude:
        others = {field.name for field in Patient._meta.fields} - {"abha_number"}
        patient.validate_unique(exclude=others)


@retried_atomic
def update_patient(
    *, patient: Patient, particulars: Particulars = UNCHANGED, is_confidential: bool | None = None, by
) -> Patient:
    """Change the given particulars; refuses anybody but the desk and carers who may book for the patient.

    Only the desk can change the date of birth, on which the right to act for a child depends, and mark a
    record as confidential.
    """
    patient = _lock_for_change(patient, by)
    was_born_on, was_adult_on = patient.date_of_birth, patient.adult_on
    for field, value in particulars.given().items():
        setattr(patient, field, value)
    if patient.date_of_birth != was_born_on and not _is_desk(by):
        raise BirthDateIsFixed
    if is_confidential not in (None, patient.is_confidential):
        require(by, "accounts.change_patient")
        patient.is_confidential = is_confidential
    patient.tidy_up()
    patient.full_clean()
    patient.save()
    if patient.adult_on != was_adult_on:
        _move_end_of_care(patient, was_adult_on)
    return patient


def _is_desk(by) -> bool:
    return acting(by).has_perm("accounts.change_patient")


def _lock_for_change(patient: Patient, by) -> Patient:
    if by is SYSTEM:
        mine = Patient.objects.all()
    elif _is_desk(by):
        mine = Patient.objects.visible_to(by)
    else:
        mine = Patient.objects.cared_for_by(by, Scope.BOOK)
    locked = lock_first(mine.filter(pk=patient.pk))
    if locked is None:
        raise NotAllowed
    return locked


def end_of_care(patient: Patient, relation: str, agreed: date | None = None) -> date | None:
    """The day on which a guardianship ends: as agreed, and for a minor on the 18th birthday at the latest.

    Whatever the relation, but for the access to one's own record.
    """
    if not patient.is_minor or relation == Relation.SELF:
        return agreed
    return min(agreed or patient.adult_on, patient.adult_on)


def _move_end_of_care(patient: Patient, was_adult_on: date) -> None:
    """Move the end of guardianships to the corrected 18th birthday, even if that is in the past."""
    ended_then = Q(ends_on=was_adult_on) | Q(ends_on__isnull=True)
    for guardianship in patient.guardianships.filter(ended_then).exclude(relation=Relation.SELF):
        if guardianship.ends_on or patient.is_minor:
            guardianship.ends_on = patient.adult_on
            guardianship.save(update_fields=["ends_on"])
