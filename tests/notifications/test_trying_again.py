"""Retrying a notification requires a right and is logged."""

import pytest

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.notifications.services import try_again
from hms.notifications.statuses import NotificationStatus
from tests.factories import UserFactory, staff
from tests.notifications.rows import queued

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]


def test_who_lets_one_be_tried_again_stands_in_the_log():
    row, operator = queued(status=NotificationStatus.GIVEN_UP), UserFactory(is_superuser=True)

    try_again(notification=row, by=operator)

    entry = AuditEvent.objects.latest("pk")
    assert (entry.actor_id, entry.changes) == (operator.pk, {"status": ["given_up", "waiting"]})


def test_who_may_not_change_notifications_lets_none_be_tried_again():
    row = queued(status=NotificationStatus.GIVEN_UP)

    with pytest.raises(NotAllowed):
        try_again(notification=row, by=staff("receptionist"))

    row.refresh_from_db()
    assert row.status == NotificationStatus.GIVEN_UP
