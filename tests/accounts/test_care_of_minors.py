"""Guardianships of minors from before the rule that they end on the 18th birthday."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.services.guardianships import end_care_at_18
from audit.models import AuditEvent
from tests.accounts.rows import born
from tests.factories import GuardianshipFactory, PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A07")]


@pytest.mark.parametrize(
    ("relation", "age", "agreed_days_ago", "ends_on", "expected"),
    [
        ("parent", 10, 5, None, "18th birthday"),
        ("other", 10, 5, date(2099, 1, 1), "18th birthday"),
        ("parent", 20, 3 * 366, None, "18th birthday"),  # agreed for a minor of 17
        ("other", 20, 5, None, None),  # agreed by an adult
        ("parent", 10, 5, date(2020, 1, 1), date(2020, 1, 1)),
        ("self", 10, 5, None, None),
    ],
)
def test_migrating_ends_care_that_was_agreed_for_a_minor_at_18(
    relation, age, agreed_days_ago, ends_on, expected
):
    guardianship = GuardianshipFactory(
        relation=relation, patient=PatientFactory(date_of_birth=born(age)), ends_on=ends_on,
        consented_at=timezone.now() - timedelta(days=agreed_days_ago),
    )  # fmt: skip
    expected = guardianship.patient.adult_on if expected == "18th birthday" else expected

    said = [end_care_at_18(), end_care_at_18()]

    guardianship.refresh_from_db()
    assert guardianship.ends_on == expected
    changed = ends_on != expected
    assert [len(lines) for lines in said] == [int(changed), 0]
    entries = AuditEvent.objects.filter(model="accounts.guardianship", action="update")
    assert [list(entry.changes) for entry in entries] == [["ends_on"]] * changed
