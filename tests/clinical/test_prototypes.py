"""Rows that are inserted from plain values are logged like every other row."""

import json
from datetime import UTC, datetime

import pytest

from audit.capture.changes import created
from audit.capture.prototypes import Inserts, Prototype, Template, hole
from audit.capture.registry import registration_of
from audit.evidence.entries import is_genuine
from audit.models import AuditEvent
from audit.signing.canonical import READ, encoded
from clinical.models import Encounter

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U02")]

AT = datetime(2026, 3, 1, 4, 30, 7, tzinfo=UTC)
VARIES = (
    "id",
    "reference",
    "patient_id",
    "recorded_at",
    "appointment_id",
    "complaint",
    "follow_up_on",
    "frozen",
)


def test_the_row_and_its_entry_are_those_of_an_instance(visit):
    frozen = {"patient": {"name": 'Zoë "Z"', "age": None}}
    prototype, inserts = (
        Prototype(Encounter(advice="Rest\n", private_note="Afraid"), *VARIES),
        Inserts(Encounter),
    )

    inserts.add(
        prototype,
        visit.patient_id,
        *(4_711, "ABCDEFGHJK", visit.patient_id, int(AT.timestamp()), visit.pk),
        *("Café, 5 % \\ 'pain'", "2026-03-09", encoded(frozen)),
    )
    inserts.insert()

    row = Encounter.objects.get(pk=4_711)
    assert (row.recorded_at, row.complaint, row.frozen) == (AT, "Café, 5 % \\ 'pain'", frozen)
    assert (row.advice, row.private_note, str(row.follow_up_on)) == ("Rest\n", "Afraid", "2026-03-09")
    entry = AuditEvent.objects.filter(object_pk="4711").values(*READ).get()
    expected = created(registration_of(Encounter), row, "default")
    assert is_genuine(entry)
    assert entry["changes"] == expected.changes
    assert (entry["model"], entry["object_repr"], entry["patient_id"]) == (
        *("clinical.encounter", "ABCDEFGHJK", visit.patient_id),
    )


def test_what_is_none_is_no_change(visit):
    inserts = Inserts(Encounter)

    inserts.add(
        Prototype(Encounter(), *VARIES),
        visit.patient_id,
        *(4_711, "ABCDEFGHJK", visit.patient_id, int(AT.timestamp()), visit.pk, "", None, "{}"),
    )
    inserts.insert()

    assert Encounter.objects.get(pk=4_711).follow_up_on is None
    assert "follow_up_on" not in AuditEvent.objects.get(object_pk="4711").changes


def test_a_template_is_filled_where_it_is_open():
    template = Template({"b": [hole("one"), 2], "a": hole("two")})

    assert json.loads(template.filled({"one": '"x"', "two": "null"})) == {"b": ["x", 2], "a": None}
