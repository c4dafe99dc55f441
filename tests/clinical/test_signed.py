"""What is signed cannot be changed: by save, update, bulk_update, delete, cascade, or in its parts."""

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError

from clinical.exceptions import SignedIsFinal
from clinical.models import Prescription, PrescriptionItem, Signed
from clinical.querysets import SignedQuerySet
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import doctor_at_work, patient_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C04")]


@pytest.fixture
def signed():
    return sign(write(patient_of(doctor_at_work()), "paracetamol 500 1-0-1 3 days"))


def changed(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


ATTEMPTS = {
    "save": lambda row: changed(row, frozen={}).save(),
    "save of one column": lambda row: changed(row, frozen={}).save(update_fields=["frozen"]),
    "back to a draft": lambda row: changed(row, status="draft", draft_key=1, signed_at=None).save(),
    "update": lambda row: Prescription.objects.filter(pk=row.pk).update(frozen={}),
    "update of a column that later steps fill in": lambda _row: Prescription.objects.update(
        withdrawal_reason="x"
    ),
    "bulk_update": lambda row: Prescription.objects.bulk_update([changed(row, frozen={})], ["frozen"]),
    "delete": lambda row: row.delete(),
    "delete by query": lambda row: Prescription.objects.filter(pk=row.pk).delete(),
    "delete by query of its items": lambda row: row.items.all().delete(),
    "an item is saved": lambda row: changed(row.items.get(), dose=9).save(),
    "an item is updated": lambda row: row.items.update(dose=9),
    "an item is updated in bulk": lambda row: PrescriptionItem.objects.bulk_update(
        [changed(row.items.get(), dose=9)], ["dose"]
    ),
    "an item is deleted": lambda row: row.items.get().delete(),
    "an item is added": lambda row: changed(row.items.get(), pk=None, position=2).save(force_insert=True),
    "items are added in bulk": lambda row: PrescriptionItem.objects.bulk_create(
        [changed(row.items.get(), pk=None, position=2)]
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_signed_prescription_cannot_be_changed_by(attempt, signed):
    before = [list(model.objects.values()) for model in (Prescription, PrescriptionItem)]

    with pytest.raises(SignedIsFinal), transaction.atomic():
        ATTEMPTS[attempt](Prescription.objects.get(pk=signed.pk))

    assert [list(model.objects.values()) for model in (Prescription, PrescriptionItem)] == before


def test_it_is_not_deleted_with_the_rows_that_it_refers_to(signed):
    for row in (signed.appointment, signed.patient, signed.items.get().medicine):
        with pytest.raises(ProtectedError):
            row.delete()

    assert Prescription.objects.count() == 1


def test_a_stale_draft_in_memory_does_not_undo_the_signature():
    draft = write(patient_of(doctor_at_work()), "paracetamol 500 1-0-1 3 days")
    stale = Prescription.objects.get(pk=draft.pk)
    sign(draft)

    with pytest.raises(SignedIsFinal), transaction.atomic():
        stale.save()


def test_saving_a_signed_row_without_a_change_is_no_change(signed):
    row = Prescription.objects.get(pk=signed.pk)

    row.save()

    assert row.is_signed
    assert row.items.get().is_signed


def test_every_model_that_is_signed_uses_the_query_set_that_refuses():
    signed = [model for model in apps.get_models() if issubclass(model, Signed)]

    assert {Prescription, PrescriptionItem} <= set(signed)
    assert [
        model
        for model in signed
        for manager in (model._default_manager, model._base_manager)
        if not isinstance(manager.all(), SignedQuerySet)
    ] == []
    assert [model for model in signed if not model.signed_statuses] == []
