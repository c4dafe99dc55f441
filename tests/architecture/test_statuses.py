"""Every status has a table of steps; the tests find the statuses of all apps."""

from collections.abc import Iterable

import pytest
from django.db import models
from django.test.utils import isolate_apps

from hms.core.states import StepChoices, status_fields, statuses_of
from tests.ours import our_models

FOUND = list(status_fields())
TABLES = [statuses for _field, statuses in FOUND]


@pytest.mark.parametrize(("field", "statuses"), FOUND, ids=lambda each: getattr(each, "__name__", ""))
def test_every_status_can_be_reached_from_the_first(field, statuses):
    reached, coming = set(), {statuses(field.get_default())}
    while coming:
        reached |= coming
        coming = set().union(*(statuses.STEPS[status] for status in coming)) - reached

    assert reached == set(statuses)


def test_every_status_of_ours_has_steps():
    assert without_steps(our_models()) == []
    assert len(FOUND) >= 6


def test_no_two_statuses_have_the_same_choices():
    assert [statuses_of(field) for field, _statuses in FOUND] == TABLES
    assert len({tuple(each.choices) for each in StepChoices.__subclasses__()}) == len(
        StepChoices.__subclasses__()
    )


@isolate_apps()
def test_the_guard_finds_a_status_without_steps():
    class Bed(models.Model):
        class Status(models.TextChoices):
            FREE = "free", "Free"
            TAKEN = "taken", "Taken"

        status = models.CharField(max_length=8, choices=Status)
        cleaning_status = models.CharField(max_length=8)

        class Meta:
            app_label = "wards"

        def __str__(self):
            return self.status

    assert without_steps([Bed]) == ["wards.Bed.status", "wards.Bed.cleaning_status"]


def without_steps(of: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{field.name}"
        for model in of
        for field in model._meta.concrete_fields
        if field.name.endswith("status") and statuses_of(field) is None
    ]
