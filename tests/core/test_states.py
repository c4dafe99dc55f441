"""A status changes only by its table of steps, under a lock."""

import pytest
from django.db.transaction import TransactionManagementError

from hms.core.states import StepChoices, StepRefused, move
from scheduling.statuses import AppointmentStatus
from tests.factories import doctor_with_hours
from tests.scheduling.admin_day import visit


@pytest.mark.django_db
def test_an_allowed_step_saves_the_status_and_the_given_changes_only():
    row = visit(doctor_with_hours(), days=1)
    row.symptoms = "never saved"

    move(row, AppointmentStatus.CANCELLED, cancellation_reason="Better")

    saved = type(row).objects.get(pk=row.pk)
    assert (saved.status, saved.cancellation_reason, saved.symptoms) == ("cancelled", "Better", "")


@pytest.mark.django_db
def test_a_step_that_is_not_listed_is_refused_and_changes_nothing():
    row = visit(doctor_with_hours(), days=1)

    with pytest.raises(StepRefused) as refused:
        move(row, AppointmentStatus.COMPLETED)

    assert refused.value.messages == ["This is booked and cannot become completed."]
    assert (row.status, type(row).objects.get(pk=row.pk).status) == ("booked", "booked")


@pytest.mark.django_db(transaction=True)
def test_a_step_outside_a_transaction_is_an_error():
    row = visit(doctor_with_hours(), days=1)

    with pytest.raises(TransactionManagementError):
        move(row, AppointmentStatus.CANCELLED)


def test_a_status_without_a_table_fails_at_import():
    with pytest.raises(TypeError, match=r"Loose does not define steps\(\)"):

        class Loose(StepChoices):
            A = "a", "A"


@pytest.mark.parametrize(
    "table", [{}, {"A": set()}, {"A": {"B"}, "B": set(), "C": set()}, {"A": {"C"}, "B": set()}]
)
def test_a_table_with_a_missing_or_unknown_status_fails_at_import(table):
    with pytest.raises(TypeError, match="must list each of its own statuses"):

        class Wrong(StepChoices):
            A = "A", "A"
            B = "B", "B"

            @classmethod
            def steps(cls):
                return table


def test_a_wrong_name_in_a_table_fails_at_import():
    with pytest.raises(AttributeError, match="CANCELED"):

        class Misspelt(StepChoices):
            A = "a", "A"

            @classmethod
            def steps(cls):
                return {cls.A: {cls.CANCELED}}
