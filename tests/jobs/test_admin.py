"""The page on which administrators see when each background job ran."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import STAFF_ROLES, Role
from hms.core.jobs import jobs
from hms.jobs.models import JobRun
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]
PAGE = "/admin/jobs/jobrun/"


def test_only_administrators_see_the_jobs(client):
    opened = []
    for role in STAFF_ROLES:
        client.force_login(staff(role))
        if client.get(PAGE).status_code == 200:
            opened.append(role)

    assert opened == [Role.ADMINISTRATOR]


def test_the_page_says_which_jobs_are_late_and_which_fail(client):
    now, hour = timezone.now(), timedelta(hours=1)
    fine, late, failing, _gone = (
        JobRun.objects.create(name=name, due_at=due_at, failures=failures)
        for name, due_at, failures in (
            ("purge-claims", now + hour, 0),
            ("send-refunds", now - hour, 0),
            ("seal-audit", now + hour, 3),
            ("a job of an older version", now, 0),
        )
    )
    client.force_login(staff("administrator"))

    response = client.get(PAGE)

    shown = {row: response.context["cl"].model_admin.state(row) for row in response.context["cl"].result_list}
    assert shown == {fine: "on time", late: "late: is a worker running?", failing: "failed 3 times"}
    assert str(jobs["send-refunds"].label) in response.text
