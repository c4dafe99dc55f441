"""The command: what it refuses, and that the same seed gives the same hospital."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from billing.models import BillingProfile, Invoice, InvoiceLine, Payment, Receipt, Refund
from billing.services import quote_visit
from clinical.models import Encounter, Prescription, VitalSigns
from scheduling.models import Appointment, Doctor, ScheduleException, WeeklySchedule
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O01")]

SMALL = {"doctors": 3, "patients": 12, "appointments": 30}
PEOPLE = (User, Patient, Guardianship, Doctor)
MODELS = (*PEOPLE, WeeklySchedule, ScheduleException, Appointment)
MODELS += (VitalSigns, Encounter, Prescription, Invoice, Payment, Receipt, Refund)


def seeded(**options) -> dict[str, list]:
    """All rows of a hospital, without their keys, which the database chose; nothing is kept."""
    with transaction.atomic():
        call_command("seed_demo", **SMALL | options)
        rows = {model.__name__: list(map(columns, model._base_manager.order_by("pk"))) for model in MODELS}
        transaction.set_rollback(True)
    return rows


def columns(row) -> dict:
    """The row by names and numbers that people know; the codes of documents cannot be guessed."""
    own = {"id", "password", "document"} | ({"reference"} if isinstance(row, Guardianship) else set())
    fields = (field for field in row._meta.concrete_fields if field.name not in own)
    return {field.name: str(getattr(row, field.name)) for field in fields}


@pytest.mark.slow
@time_machine.travel(datetime(2026, 11, 24, 5, 20, tzinfo=UTC), tick=False)
def test_the_same_seed_gives_the_same_rows_and_another_one_another_hospital():
    first = seeded()

    assert seeded() == first
    other = seeded(seed=7)
    assert {name for name in first if other[name] == first[name]} == set()


@pytest.mark.slow
def test_a_second_run_adds_nothing(capsys):
    call_command("seed_demo", **SMALL)
    before = (User.objects.count(), Appointment.objects.count())

    call_command("seed_demo", **SMALL)

    assert (User.objects.count(), Appointment.objects.count()) == before
    assert "nothing was added" in capsys.readouterr().out


def test_a_database_with_real_users_is_refused():
    UserFactory()

    with pytest.raises(CommandError, match="--force"):
        call_command("seed_demo", **SMALL)

    assert User.objects.count() == 1


@pytest.mark.slow
def test_force_adds_the_demo_beside_real_users_and_leaves_their_tax_number_alone():
    UserFactory()

    call_command("seed_demo", **SMALL, force=True)

    assert Appointment.objects.count() == 30
    assert BillingProfile.objects.get().gstin == ""


@pytest.mark.slow
def test_the_tax_policy_of_the_demo_can_be_chosen():
    call_command("seed_demo", **SMALL, tax_policy="tax-everything")

    doctor = Doctor.objects.bookable().first()
    doctor.fee = 500
    assert quote_visit(doctor, timezone.localdate()).total == Decimal("649.00")
    assert Invoice.objects.exists()
    assert not InvoiceLine.objects.filter(treatment="exempt").exists()


def test_prices_of_real_users_are_not_changed():
    UserFactory()

    with pytest.raises(CommandError, match="would change their prices"):
        call_command("seed_demo", **SMALL, force=True, tax_policy="tax-everything")

    assert BillingProfile.objects.get().policy.code == "law"


@pytest.mark.slow
def test_a_dry_run_says_what_would_be_added_and_adds_nothing(capsys):
    call_command("seed_demo", **SMALL, dry_run=True)

    said = capsys.readouterr().out
    assert "       30  appointments" in said
    assert "Nothing was written." in said
    assert (User.objects.count(), Appointment.objects.count()) == (0, 0)


@pytest.mark.parametrize("too_few", [{"doctors": 2}, {"patients": 11}, {"appointments": -1}])
def test_a_hospital_that_is_too_small_is_refused(too_few):
    with pytest.raises(CommandError, match=f"--{next(iter(too_few))} is at least"):
        call_command("seed_demo", **SMALL | too_few)

    assert not User.objects.exists()


def test_more_than_the_doctors_can_see_in_years_is_refused():
    with pytest.raises(CommandError, match="add doctors"):
        call_command("seed_demo", **SMALL | {"appointments": 10_000_000})

    assert not User.objects.exists()


@pytest.mark.slow
def test_a_hospital_without_visits_is_built():
    call_command("seed_demo", **SMALL | {"appointments": 0})

    assert Doctor.objects.count() == 3
    assert not Appointment.objects.exists()
