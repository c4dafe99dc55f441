"""Why a member of staff reads the record of a patient: the one place that knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.apps import apps
from django.db.models import Q

from accounts.querysets import NOBODY
from clinical.querysets.emergency import patients_opened_by
from scheduling.access import not_confidential, of_own_doctor, treated_in_team_by


class Grounds(NamedTuple):
    """Conditions on the patient of a row; each is a ground by itself."""

    as_doctor: Q
    in_team: Q  # covers for the doctor or assists today; never opens a confidential patient
    in_emergency: Q

    @property
    def any(self) -> Q:
        return self.as_doctor | self.in_team | self.in_emergency


class _Answered(NamedTuple):
    user_id: int
    patient_id: int
    holds: tuple[bool, ...]


_answered: ContextVar[_Answered | None] = ContextVar("grounds_answered", default=None)


def grounds_of(user, to_patient: str = "patient_id") -> Grounds:
    known = _answered.get()
    if known and known.user_id == user.pk:
        about = Q(**{to_patient: known.patient_id})
        return Grounds(*(about if holds else NOBODY for holds in known.holds))
    return Grounds(
        as_doctor=of_own_doctor(user, to_patient),
        in_team=treated_in_team_by(user, to_patient) & not_confidential(to_patient),
        in_emergency=Q(**{f"{to_patient}__in": patients_opened_by(user)}),
    )


@contextmanager
def about_one_patient(user, patient) -> Iterator[None]:
    """Within the block, what the grounds say of this patient is asked once; they open no other rows.

    A chart asks about twenty kinds of rows, and building the conditions costs more than the rows.
    """
    patients = apps.get_model("accounts", "Patient").objects.filter(pk=patient.pk)
    holds = tuple(patients.filter(ground).exists() for ground in grounds_of(user, "pk"))
    token = _answered.set(_Answered(user.pk, patient.pk, holds))
    try:
        yield
    finally:
        _answered.reset(token)
