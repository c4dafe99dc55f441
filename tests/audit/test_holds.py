"""A court asks for entries: they stay, however old they are."""

from datetime import UTC, datetime

import pytest

from audit.archives import archive_log
from audit.exceptions import HoldIsReleased
from audit.holds import place_hold, release_hold
from audit.models import AuditEvent
from audit.purging import purge_archive

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U04")]


def kept(keys) -> list[int]:
    return sorted(AuditEvent.objects.filter(pk__in=keys).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("hold", "left"),
    [
        ({"patient_id": 3}, slice(2, 3)),
        ({"begins_at": datetime(2020, 1, 1, tzinfo=UTC)}, slice(0, 5)),
        ({"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}, slice(0, 0)),
        ({"patient_id": 3, "ends_at": datetime(2020, 1, 1, tzinfo=UTC)}, slice(0, 0)),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_under_a_hold_is_neither_archived_nor_purged(hold, left, when, reads, next_year, tmp_path):
    if when == "before":
        place_hold(reason="Court", **hold)
    made = archive_log("reads", next_year, tmp_path)
    if when == "after":
        place_hold(reason="Court", **hold)

    for archive in made:
        purge_archive(archive, tmp_path)

    assert kept(reads) == reads[left]


def test_a_hold_ends_once_and_both_ends_are_logged(log):
    hold = place_hold(reason="Court", patient_id=3)
    release_hold(hold=hold)

    with pytest.raises(HoldIsReleased):
        release_hold(hold=hold)

    assert [(event.action, event.patient_id, event.object_repr, event.details) for event in log.events()] == [
        ("settings_change", 3, "Court", {"what": "hold placed"}),
        ("settings_change", 3, "Court", {"what": "hold released"}),
    ]
