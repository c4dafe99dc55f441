"""`insert_rows` stores the same values as Django."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import gettext_lazy

from audit.models import Anomaly
from audit.statuses import AnomalyStatus
from hms.core.inserts import insert_rows
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
STORED = ("key", "actor", "reviewed_by", "begins_at", "status", "note", "event_ids", "patient_id", "count")


@pytest.fixture
def person():
    return UserFactory()


def anomalies(person) -> list[Anomaly]:
    facts = {"actor_id": person.pk, "begins_at": MOMENT, "ends_at": MOMENT, "count": 3}
    return [
        Anomaly(**facts, key="1", note="Ä%s 😀", status="open", event_ids=[7, 8]),
        Anomaly(**facts, key="2", note=gettext_lazy("Booked"), status=AnomalyStatus.OPEN, patient_id=2**40),
    ]


def stored() -> list[dict]:
    return list(Anomaly.objects.order_by("pk").values(*STORED))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_rows_equal_those_stored_by_django(person, count):
    insert_rows(anomalies(person)[:count])
    through_us = stored()
    Anomaly.objects.all().delete()
    Anomaly.objects.bulk_create(anomalies(person)[:count])

    assert through_us == stored()
    assert len(through_us) == count
