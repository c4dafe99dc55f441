"""A unique text that people type is compared folded, so that it is not there twice in two spellings."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import models

from hms.core.folded import FoldedKey, NamedOnce, keys_in
from tests.ours import our_models

OTHERWISE = {
    "accounts.User.email": "kept in lower case",
    "accounts.Patient.abha_number": "digits alone, in one form",
    "billing.GatewayEvent.event_id": "given by a gateway",
    "billing.Payment.gateway_reference": "given by a gateway",
    "billing.Refund.gateway_reference": "given by a gateway",
    "clinical.DiagnosisTerm.code": "given by the list",
    "jobs.JobRun.name": "given by the software",
    "notifications.MessageTemplate.language": "chosen from a list",
}
KEYS = [(model, key) for model in our_models() for key in keys_in(model)]


def typed_once() -> Iterator[str]:
    """Unique text columns of models that the staff site shows, which forms can change, without a key."""
    for model in our_models():
        if model not in admin.site._registry:
            continue
        once = {name for constraint in model._meta.total_unique_constraints for name in constraint.fields}
        once |= {field.name for field in model._meta.concrete_fields if field.unique}
        folded = {key.of for key in keys_in(model)}
        for field in model._meta.concrete_fields:
            is_typed = isinstance(field, models.CharField) and field.editable and not field.choices
            if is_typed and field.name in once and field.name not in folded:
                yield f"{model._meta.label}.{field.name}"


def test_unique_text_that_people_type_is_compared_folded():
    assert sorted(typed_once()) == sorted(OTHERWISE)


@pytest.mark.parametrize(("model", "key"), KEYS, ids=[f"{m._meta.label}.{k.name}" for m, k in KEYS])
def test_a_key_is_unique_and_explained_at_its_field(model, key):
    assert issubclass(model, NamedOnce)
    assert list(key.scopes())
    assert isinstance(model._meta.get_field(key.of), models.CharField)
    assert not isinstance(model._meta.get_field(key.of), FoldedKey)
