"""Many walk-ins at once: what an import writes, and the demo."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Patient
from accounts.particulars import Particulars
from accounts.services.numbers import next_mrns
from hms.core.rights import require
from hms.core.transactions import retried_atomic

ROWS_PER_INSERT = 500
CHECKED_BY_DATABASE = ("mrn", "preferred_language")


@retried_atomic
def register_patients(*, patients: Iterable[Particulars], by) -> list[Patient]:
    """Register patients in this order, all or none; refuses like `register_patient`.

    That a number belongs to another patient is found by the index and not said at its row.
    """
    require(by, "accounts.add_patient")
    patients = [Patient(**particulars.new_row()) for particulars in patients]
    for patient in patients:
        patient.tidy_up()
        patient.clean_fields(exclude=CHECKED_BY_DATABASE)
        patient.clean()
    for patient, mrn in zip(patients, next_mrns(len(patients)), strict=True):
        patient.mrn = mrn
    try:
        with transaction.atomic():
            return Patient.objects.bulk_create(patients, batch_size=ROWS_PER_INSERT)
    except IntegrityError as error:
        message = _("A number of one of these patients belongs to another patient.")
        raise ValidationError(message, code="unique") from error
