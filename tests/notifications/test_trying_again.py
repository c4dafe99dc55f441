"""Retrying a notification requires a right and is logged."""

import pytest

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.notifications.services import try_again
from hms.notifications.statuses import NotificationStatus
from tests.factories import UserFactory, staff
from tests.notifications.rows import queued

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]


def test_retrying_is_logged_with_the_operator():
    row, operator = queued(status=NotificationStatus.GIVEN_UP), UserFactory(is_superuser=True)

    try_again(notification=row, by=operator)

    entry = AuditEvent.objects.latest("pk")
    assert (entry.actor_id, entry.changes) == (operator.pk, {"status": ["given_up", "waiting"]})


def test_users_who_may_not_change_notifications_cannot_retry():
    row = queued(status=NotificationStatus.GIVEN_UP)

    with pytest.raises(NotAllowed):
        try_again(notification=row, by=staff("receptionist"))

    row.refresh_from_db()
    assert row.status == NotificationStatus.GIVEN_UP
