from datetime import date

from django.db.models import Q

from accounts.exceptions import BirthDateIsFixed
from accounts.models import Patient, Relation, Scope
from accounts.particulars import Particulars
from accounts.querysets import PatientQuerySet
from accounts.services.numbers import next_mrn
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, acting, require
from hms.core.transactions import retried_atomic

UNCHANGED = Particulars()
ENDS_AT_18 = (Relation.PARENT, Relation.OTHER)


@retried_atomic
def register_patient(*, particulars: Particulars, is_confidential: bool = False, by) -> Patient:
    """Register a walk-in or caller; refuses invalid particulars, and without the permission.

    Possible duplicates are not refused: the form warns of them with `similar_patients`.
    """
    require(by, "accounts.add_patient")
    return add_patient(Patient(is_confidential=is_confidential, **particulars.new_row()))


def add_patient(patient: Patient) -> Patient:
    """Save a new patient with the next MRN. The caller checks permissions."""
    check_particulars(patient)
    patient.mrn = next_mrn()
    patient.save(force_insert=True)
    return patient


def check_particulars(patient: Patient) -> None:
    patient.tidy_up()
    patient.full_clean(exclude=["mrn"] if patient.pk is None else None)


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
    check_particulars(patient)
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
    locked = mine.select_for_update().filter(pk=patient.pk).first()
    if locked is None:
        raise NotAllowed
    return locked


def similar_patients(
    *, by, full_name: str, date_of_birth, phone=None, besides: Patient | None = None
) -> PatientQuerySet:
    found = Patient.objects.visible_to(by).like(full_name=full_name, date_of_birth=date_of_birth, phone=phone)
    return found.exclude(pk=besides.pk) if besides is not None and besides.pk else found


def end_of_care(patient: Patient, relation: str) -> date | None:
    """The day on which a guardianship for a child ends by itself; None if it does not."""
    return patient.adult_on if patient.is_minor and relation in ENDS_AT_18 else None


def _move_end_of_care(patient: Patient, was_adult_on: date) -> None:
    """Move the end of guardianships to the corrected 18th birthday, even if that is in the past."""
    ended_then = Q(ends_on=was_adult_on) | Q(ends_on__isnull=True)
    for guardianship in patient.guardianships.filter(ended_then, relation__in=ENDS_AT_18):
        if guardianship.ends_on or patient.is_minor:
            guardianship.ends_on = patient.adult_on
            guardianship.save(update_fields=["ends_on"])
