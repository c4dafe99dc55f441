"""Entries under a legal hold are kept, however old they are."""

from datetime import UTC, datetime

import pytest

from audit.capture.recorder import Entry, Subject, write
from audit.evidence.archives import archive_log
from audit.evidence.purging import purge_archive
from audit.evidence.retention import place_hold, release_hold
from audit.evidence.seals import seal_log
from audit.exceptions import HoldIsReleased
from audit.models import Action, AuditEvent, AuditHold, AuditSubject
from tests.racing import losing_once

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


def test_a_list_that_showed_the_patient_is_under_the_hold_too(next_year, tmp_path):
    (event,) = write([Entry(Action.READ, Subject("accounts.patient"), details={"patients": [2, 3]})])
    AuditSubject.objects.bulk_create([AuditSubject(event_id=event.pk, patient_id=pk) for pk in (2, 3)])
    seal_log()
    (archive,) = archive_log("reads", next_year, tmp_path)
    hold = place_hold(reason="Court", patient_id=3)

    during = purge_archive(archive, tmp_path)
    release_hold(hold=hold)

    assert (during, purge_archive(archive, tmp_path)) == (0, 1)
    assert not AuditSubject.objects.filter(event_id=event.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_loses_to_another_write_is_placed_at_the_second_attempt(log):
    with losing_once("INSERT INTO", "audit_audithold"):
        hold = place_hold(reason="Court")

    assert AuditHold.objects.get() == hold
    assert log.event().object_pk == str(hold.pk)
