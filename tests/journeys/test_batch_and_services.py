"""A hospital that is written in batches and one that lived through the same days differ in nothing."""

from random import Random

import pytest
import time_machine
from django.db import models, transaction

from billing.models import Invoice, InvoiceLine, Payment, Receipt, Refund
from hms.core.refusals import Refusal
from scheduling.models import Appointment, PatientClaim, SlotClaim
from tests.journeys.stories import Story, after, new_cast, tell
from tests.journeys.stories_written import by_batches, by_services, references_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("O01"),
    pytest.mark.usefixtures("sunday_noon"),
]

MODELS = (Appointment, SlotClaim, PatientClaim, Invoice, InvoiceLine, Payment, Receipt, Refund)
EXCLUDED = {
    "id",  # the order of writing
    "idempotency_key",  # made by the caller of a service; the batch derives its own from the reference
}
OWN_ROWS = {"appointment", "invoice", "payment"}  # compared by their references instead of their keys


class Rollback(Exception):
    """Ends a hospital."""


def snapshot() -> dict[str, list[dict]]:
    return {model.__name__: sorted(map(columns, model.objects.all()), key=repr) for model in MODELS}


def columns(row: models.Model) -> dict:
    names = [field.name for field in row._meta.concrete_fields if field.name not in EXCLUDED]
    return {
        name: getattr(row, name).reference
        if name in OWN_ROWS
        else getattr(row, row._meta.get_field(name).attname)
        for name in names
    }


def hospital_of_services(stories: list[Story], on_commit) -> tuple[dict, dict]:
    """The rows as the services leave them, and their references by patient; nothing stays."""
    try:
        with transaction.atomic():
            by_services(stories, on_commit)
            rows = snapshot()
            references = {visit.patient_id: references_of(visit) for visit in Appointment.objects.all()}
            raise Rollback
    except Rollback:
        return rows, references


@pytest.mark.parametrize("seed", range(6))
def test_what_is_written_in_batches_is_what_the_services_write(seed, django_capture_on_commit_callbacks):
    random = Random(seed)
    stories = tell(random, new_cast(), 12)
    expected, references = hospital_of_services(stories, django_capture_on_commit_callbacks)
    kept = [story for story in stories if not story.refused]

    with time_machine.travel(after(stories), tick=False):
        by_batches(kept, random, references)

    found = snapshot()
    for model in MODELS:
        assert found[model.__name__] == expected[model.__name__]


@pytest.mark.parametrize("seed", range(3))
def test_what_the_services_refuse_the_batch_refuses(seed, django_capture_on_commit_callbacks):
    random = Random(seed)
    stories = tell(random, new_cast(), 12)
    _rows, references = hospital_of_services(stories, django_capture_on_commit_callbacks)
    kept = [story for story in stories if not story.refused]

    for story in (story for story in stories if story.refused):
        references[story.record.patient.pk] = ["REFUSED234"]
        with (
            time_machine.travel(after(stories), tick=False),
            transaction.atomic(),
            pytest.raises(Refusal) as refusal,
        ):
            by_batches([*kept, story], random, references)

        assert refusal.value.code == story.refused
        assert not Appointment.objects.exists()
