"""System checks name what a registered model lacks."""

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from audit.capture.querysets import AuditedQuerySet
from audit.capture.registry import register, unregister
from audit.checks import log_has_a_key_of_its_own, registered_models_can_be_logged
from scheduling.models import SlotClaim

pytestmark = pytest.mark.feature("U02")


def problems(model) -> list[str]:
    register(model, patient=None)
    try:
        return sorted(found.id for found in registered_models_can_be_logged())
    finally:
        unregister(model)


def test_the_registered_models_have_no_problem():
    assert registered_models_can_be_logged() == []
    assert [found for found in run_checks() if str(found.id).startswith("audit.")] == []


def test_a_model_whose_managers_do_not_log_is_named(log_model):
    log_model(SlotClaim, patient=None)

    found = registered_models_can_be_logged()

    assert [(message.id, message.obj) for message in found] == [("audit.E001", SlotClaim)] * 2


@isolate_apps()
def test_a_model_whose_base_manager_does_not_log_is_named():
    class Ward(models.Model):  # noqa: DJ008 - nobody reads it
        objects = AuditedQuerySet.as_manager()

        class Meta:
            app_label = "clinical"

    assert problems(Ward) == ["audit.E001"]


@isolate_apps()
def test_a_foreign_key_that_django_would_change_unlogged_is_named():
    class Bed(models.Model):  # noqa: DJ008 - nobody reads it
        ward = models.ForeignKey(SlotClaim, models.SET_DEFAULT, default=1, related_name="+")
        objects = AuditedQuerySet.as_manager()

        class Meta:
            app_label = "clinical"
            base_manager_name = "objects"

    assert problems(Bed) == ["audit.E002"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([], ["audit.W001"]),
        (["1:AAAA"], ["audit.W002"]),
        (["1:AAAA", "2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], ["audit.W002"]),
        (["1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], []),
    ],
)
def test_a_log_without_a_good_key_of_its_own_is_said_at_deployment(keys, found, settings):
    settings.AUDIT_KEYS = keys

    assert [message.id for message in log_has_a_key_of_its_own()] == found
