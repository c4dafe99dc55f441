"""The demo hospital keeps every rule that real data keeps."""

from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.models import Patient, User
from billing.models import Invoice, InvoiceLine, Payment, Receipt, Refund
from hms.demo.logins import PASSWORD
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.querysets import local_day
from scheduling.statuses import HOLDING
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("O01")]
SMALL = {"doctors": 6, "patients": 30, "appointments": 90}
STAFF = ("admin", "reception", "doctor", "nurse", "lab", "billing", "auditor", "patient")


@pytest.fixture
def hospital():
    call_command("seed_demo", **SMALL, verbosity=0)


def test_every_row_passes_the_validation_of_its_model(hospital):
    ours = ("accounts", "scheduling", "billing")
    for model in (model for app in ours for model in apps.get_app_config(app).get_models()):
        for row in model._base_manager.all():
            row.full_clean()


def test_as_much_is_there_as_was_asked_for(hospital):
    assert (Patient.objects.count(), Appointment.objects.count()) == (30, 90)
    assert len(Appointment.objects.values("status").annotate(n=Count("pk"))) >= 6


def test_claims_are_those_of_the_appointments_from_today_on(hospital):
    today = local_day(timezone.localdate())[0]
    holding = list(Appointment.objects.filter(status__in=HOLDING, starts_at__gte=today))

    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {row.pk for row in holding}
    assert (
        SlotClaim.objects.count() == PatientClaim.objects.count() == sum(row.minutes // 5 for row in holding)
    )


def test_no_patient_is_in_two_places_and_no_seat_is_given_twice_also_in_the_past(hospital):
    rows = list(Appointment.objects.filter(status__in=HOLDING | {"no_show"}))
    for attribute in ("patient_id", "doctor_id"):
        taken = Counter(
            (getattr(row, attribute), row.seat if attribute == "doctor_id" else 0, row.starts_at + step)
            for row in rows
            for step in (timedelta(minutes=n) for n in range(0, row.minutes, 5))
        )
        assert [key for key, times in taken.items() if times > 1] == []


def test_times_fit_the_status(hospital):
    now = timezone.now()
    for row in Appointment.objects.all():
        assert (row.held_until is not None) == (row.status == "held")
        if row.status == "completed":
            assert row.arrived_at <= row.started_at <= row.ended_at <= now
            assert row.token
        assert row.steps.latest("pk").to_status == row.status


def test_money_adds_up(hospital):
    for invoice in Invoice.objects.all():
        assert invoice.total == InvoiceLine.objects.filter(invoice=invoice).aggregate(n=Sum("total"))["n"]
    assert Receipt.objects.count() == Payment.objects.filter(status="captured").count()
    for refund in Refund.objects.select_related("payment"):
        assert 0 < refund.amount <= refund.payment.amount


def test_every_demo_login_works(hospital, client):
    for name in STAFF:
        user = User.objects.get(email=f"{name}@demo.example")
        assert user.check_password(PASSWORD)
        client.force_login(user)
        page = "/me/" if name == "patient" else "/admin/"
        assert client.get(page).status_code == 200


def test_a_second_run_adds_nothing(hospital, capsys):
    users = User.objects.count()

    call_command("seed_demo", **SMALL)

    assert User.objects.count() == users
    assert "nothing was added" in capsys.readouterr().out


def test_a_database_with_real_users_is_refused():
    UserFactory()

    with pytest.raises(CommandError, match="--force"):
        call_command("seed_demo", **SMALL)

    assert User.objects.count() == 1


def test_a_dry_run_writes_nothing(capsys):
    call_command("seed_demo", **SMALL, dry_run=True)

    assert User.objects.count() == Appointment.objects.count() == 0
    assert "Nothing was written." in capsys.readouterr().out
