"""Rows that are inserted without Django's INSERT hold what Django would have stored."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import gettext_lazy

from hms.core.inserts import insert_rows
from scheduling.models import AppointmentStep
from scheduling.statuses import AppointmentStatus
from tests.factories import at, doctor_with_hours
from tests.scheduling.admin_day import visit

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture
def appointment():
    return visit(doctor_with_hours(), days=1)


def steps(appointment) -> list[AppointmentStep]:
    facts = {"appointment_id": appointment.pk, "at": MOMENT, "starts_at": at(10, days=1)}
    return [
        AppointmentStep(**facts, from_status="", to_status="booked", note="Ä%s 😀"),
        AppointmentStep(**facts, to_status=AppointmentStatus.BOOKED, note=gettext_lazy("Booked")),
    ]


def stored(rows) -> list[dict]:
    return list(rows.order_by("pk").values("appointment", "at", "by", "from_status", "to_status", "note"))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_rows_hold_what_django_itself_would_have_stored(appointment, count):
    old = list(AppointmentStep.objects.values_list("pk", flat=True))
    new = AppointmentStep.objects.exclude(pk__in=old)

    insert_rows(steps(appointment)[:count])
    through_us = stored(new)
    new.delete()
    AppointmentStep.objects.bulk_create(steps(appointment)[:count])

    assert through_us == stored(new)
    assert len(through_us) == count
