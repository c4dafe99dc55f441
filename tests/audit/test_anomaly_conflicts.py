import pytest
from django.utils import timezone

from audit.anomalies.review import close_anomaly
from audit.models import Anomaly
from tests.factories import UserFactory, staff
from tests.opened import boxes_of, opened


@pytest.mark.django_db
@pytest.mark.feature("A06")
def test_a_page_that_would_close_does_not_open_again_what_another_one_closed(client):
    now, ravi = timezone.now(), UserFactory()
    about = {"rule": "burst", "actor_id": ravi.pk, "actor_label": "Ravi", "count": 1, "event_ids": []}
    anomaly = Anomaly.objects.create(key="burst:1", begins_at=now, ends_at=now, **about)
    client.force_login(staff("auditor"))
    review = f"/admin/audit/anomaly/{anomaly.pk}/review/"
    old = opened(client, review)
    close_anomaly(anomaly=anomaly, outcome="violation", note="Not on duty", by=staff("auditor"))

    answer = client.post(review, old | {"outcome": "explained", "note": "On duty"})

    anomaly.refresh_from_db()
    assert (answer.status_code, anomaly.status, anomaly.note) == (409, "violation", "Not on duty")
    assert boxes_of(answer)["note"] == ["On duty"]
