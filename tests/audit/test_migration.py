"""A log from before there were hashes is kept, and hashed from then on."""

import pytest

from audit.capture.recorder import record_event
from audit.evidence.entries import is_genuine, pages
from audit.evidence.seals import seal_log
from audit.models import Action, AuditEvent
from tests.moving_back import migrate

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.feature("U04")]
BEFORE = [("audit", "0001_initial")]


@pytest.fixture
def old_log():
    """Three entries in the log as it was."""
    model = migrate(BEFORE).get_model("audit", "AuditEvent")
    model.objects.all()._raw_delete("default")
    for number in range(3):
        model.objects.create(
            action="update", source="page", address="2001:db8::1", changes={"city": ["A", number]}
        )
    yield list(model.objects.order_by("pk").values_list("pk", flat=True))
    migrate()


def test_entries_from_before_there_were_hashes_are_hashed(old_log):
    migrate()

    rows = [row for page in pages() for row in page if row["id"] in old_log]
    event = record_event(Action.READ)

    assert [row["id"] for row in rows] == old_log
    assert all(map(is_genuine, rows))
    assert event.pk > max(old_log)
    assert seal_log().forged == []
    assert AuditEvent.objects.order_by("pk").last() == event
