"""Branches, departments, doctors and nurses: saving and deleting them."""

from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from hms.core.refusals import delete_or_refuse
from hms.core.rights import require, require_to_delete, require_to_save
from hms.core.transactions import retried_atomic
from scheduling.exceptions import PhotoRefused
from scheduling.models import Branch, Department, Doctor, Nurse, OverbookingRule, Specialization
from scheduling.photos import redraw

Row = TypeVar("Row", bound=Model)


@retried_atomic
def save_branch(*, branch: Branch, by) -> Branch:
    return _save(branch, by)


@retried_atomic
def save_department(*, department: Department, by) -> Department:
    """Add or change a department; refuses one that closes before it opens."""
    return _save(department, by)


@retried_atomic
def save_specialization(*, specialization: Specialization, by) -> Specialization:
    return _save(specialization, by)


@retried_atomic
def save_doctor(*, doctor: Doctor, by) -> Doctor:
    """Add or change a doctor; re-encodes a new photograph and refuses a file that is not one.

    What is not filled in, like the rating, stays as it is stored.
    """
    if doctor.photo and not doctor.photo._committed:
        try:
            doctor.photo = redraw(doctor.photo.file, doctor.reference)
        except PhotoRefused as refusal:
            raise ValidationError({"photo": refusal}) from refusal
    filled_in = [
        field.name for field in Doctor._meta.concrete_fields if field.editable and field.name != "id"
    ]
    return _save(doctor, by, only=filled_in if doctor.pk else None)


@retried_atomic
def save_nurse(*, nurse: Nurse, by) -> Nurse:
    return _save(nurse, by)


@retried_atomic
def save_overbooking_rule(*, rule: OverbookingRule, by) -> OverbookingRule:
    return _save(rule, by)


@retried_atomic
def assign_nurses(*, doctor: Doctor, nurses: Iterable[Nurse], by) -> None:
    """Let exactly these nurses work with the doctor, and so see the doctor's patients."""
    require(by, "scheduling.change_nurse")
    doctor.nurses.set(nurses)


@retried_atomic
def delete_row(*, row: Model, by) -> None:
    """Delete a row of the directory, a shift or an exception; refuses with `InUse`."""
    require_to_delete(by, row)
    delete_or_refuse(row)


def _save(row: Row, by, *, only: list[str] | None = None) -> Row:
    require_to_save(by, row)
    row.full_clean()
    row.save(update_fields=only)
    return row
