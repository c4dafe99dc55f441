"""A status moves by its table, under a lock, and in no other way."""

import pytest
from django.db.transaction import TransactionManagementError

from hms.core.states import StepChoices, StepRefused, move
from scheduling.statuses import AppointmentStatus
from tests.factories import doctor_with_hours
from tests.scheduling.admin_day import visit


@pytest.mark.django_db
def test_a_listed_step_is_saved_with_what_goes_with_it_and_nothing_else():
    row = visit(doctor_with_hours())
    row.symptoms = "never saved"

    move(row, AppointmentStatus.CANCELLED, cancellation_reason="Better")

    saved = type(row).objects.get(pk=row.pk)
    assert (saved.status, saved.cancellation_reason, saved.symptoms) == ("cancelled", "Better", "")


@pytest.mark.django_db
def test_a_step_that_is_not_listed_is_refused_and_changes_nothing():
    row = visit(doctor_with_hours())

    with pytest.raises(StepRefused) as refused:
        move(row, AppointmentStatus.COMPLETED)

    assert refused.value.messages == ["This is booked and cannot become completed."]
    assert (row.status, type(row).objects.get(pk=row.pk).status) == ("booked", "booked")


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_there_is_no_lock_and_no_step():
    row = visit(doctor_with_hours())

    with pytest.raises(TransactionManagementError):
        move(row, AppointmentStatus.CANCELLED)


def test_a_status_without_a_table_fails_at_once():
    with pytest.raises(TypeError, match=r"Loose does not define steps\(\)"):

        class Loose(StepChoices):
            A = "a", "A"


@pytest.mark.parametrize(
    "table", [{}, {"A": set()}, {"A": {"B"}, "B": set(), "C": set()}, {"A": {"C"}, "B": set()}]
)
def test_a_table_that_forgets_or_invents_a_status_fails_at_once(table):
    with pytest.raises(TypeError, match="must list each of its own statuses"):

        class Wrong(StepChoices):
            A = "A", "A"
            B = "B", "B"

            @classmethod
            def steps(cls):
                return table


def test_a_wrong_name_in_a_table_fails_at_once():
    with pytest.raises(AttributeError, match="CANCELED"):

        class Misspelt(StepChoices):
            A = "a", "A"

            @classmethod
            def steps(cls):
                return {cls.A: {cls.CANCELED}}
