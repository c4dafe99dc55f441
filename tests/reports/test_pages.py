"""The pages of the reports: what they show, their files, and who opens which."""

import pytest
from django.urls import reverse

from hms.reports.question import QUESTIONS
from tests.factories import DoctorFactory, at, staff
from tests.scheduling.admin_day import visit

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R03")]


def test_pages_open(client):
    client.force_login(staff("administrator"))
    for slug in QUESTIONS:
        answer = client.get(reverse("admin:report", args=[slug]))
        assert answer.status_code == 200, slug
        for suffix in ("csv", "xlsx"):
            answer = client.get(reverse("admin:report_export", args=[slug, suffix]))
            assert answer.status_code == 200
    answer = client.get(reverse("admin:reports"))
    assert answer.status_code == 200
    print(answer.content.decode()[:10])
