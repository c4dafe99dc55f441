"""The queue of anomalies in the staff site: who sees it, who reviews, and what a decision leaves."""

import pytest
from django.utils import timezone

from audit.anomalies.finding import find_anomalies
from audit.anomalies.review import close_anomaly
from audit.models import Anomaly
from tests.factories import PatientFactory, staff
from tests.opened import boxes_of, opened, send
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U05")]
LIST = "/admin/audit/anomaly/"
# session, person, permissions twice, the count, the rows, the patients' numbers
QUERIES_OF_LIST = 7


def test_the_queue_shows_what_is_open(client, anomaly, known):
    client.force_login(staff("auditor"))

    queue = client.get(LIST)
    close_anomaly(anomaly=anomaly, outcome="explained", note="x", by=staff("auditor"))

    assert known.mrn in text(queue)
    assert "Confidential patient" in text(queue)
    assert list(client.get(LIST).context["cl"].result_list) == []
    assert list(client.get(LIST, {"status": "all"}).context["cl"].result_list) == [anomaly]
    assert list(client.get(LIST, {"status": "all", "rule": "own_record"}).context["cl"].result_list) == []
    found = client.get(LIST, {"status": "all", "q": known.mrn})
    assert list(found.context["cl"].result_list) == [anomaly]


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_the_same_for_one_and_for_three(count, client, access, django_assert_num_queries):
    for patient in PatientFactory.create_batch(count, is_confidential=True):
        access(patient)
    find_anomalies(since=timezone.localdate())
    client.force_login(staff("auditor"))

    with django_assert_num_queries(QUERIES_OF_LIST):
        response = client.get(LIST, {"rule": "confidential"})

    assert len(response.context["cl"].result_list) == count


def test_an_auditor_reads_the_entries_and_decides(client, anomaly):
    client.force_login(staff("auditor"))
    page = client.get(f"{LIST}{anomaly.pk}/change/")
    review = f"{LIST}{anomaly.pk}/review/"

    empty = send(client, review, {"outcome": "explained"})
    send(client, review, {"outcome": "explained", "note": "On duty"})

    assert f"/admin/audit/auditevent/{anomaly.event_ids[0]}/change/" in page.text
    assert review in page.text
    assert "This field is required." in text(empty)
    anomaly.refresh_from_db()
    assert (anomaly.status, anomaly.note) == ("explained", "On duty")
    send(client, review, {"note": "Was not"})
    anomaly.refresh_from_db()
    assert anomaly.status == "open"


@pytest.mark.feature("A11")
def test_a_page_that_would_close_does_not_open_again_what_another_one_closed(client, anomaly):
    client.force_login(staff("auditor"))
    review = f"{LIST}{anomaly.pk}/review/"
    old = opened(client, review)
    close_anomaly(anomaly=anomaly, outcome="violation", note="Not on duty", by=staff("auditor"))

    answer = client.post(review, old | {"outcome": "explained", "note": "On duty"})

    anomaly.refresh_from_db()
    assert (answer.status_code, anomaly.status, anomaly.note) == (409, "violation", "Not on duty")
    assert boxes_of(answer)["note"] == ["On duty"]


def test_the_person_it_is_about_is_refused(client, anomaly, ravi):
    ravi.groups.set(staff("auditor").groups.all())
    client.force_login(ravi)

    answer = send(client, f"{LIST}{anomaly.pk}/review/", {"outcome": "explained", "note": "Me"})

    assert "never by the person they are about" in text(answer)
    assert Anomaly.objects.get().status == "open"


def test_administrators_can_see_but_not_review(client, anomaly):
    client.force_login(staff("administrator"))

    assert client.get(LIST).status_code == 200
    page = client.get(f"{LIST}{anomaly.pk}/change/")
    assert "review/" not in page.text
    assert client.get(f"{LIST}{anomaly.pk}/review/").status_code == 403
    assert client.post(f"{LIST}find/").status_code == 403


@pytest.mark.parametrize("role", ["receptionist", "doctor", "nurse", "lab_technician", "billing_clerk"])
def test_others_see_nothing(role, client, anomaly):
    client.force_login(staff(role))

    answers = [client.get(f"{LIST}{page}") for page in ("", f"{anomaly.pk}/change/", "9/review/")]

    assert [answer.status_code for answer in answers] == [403] * 3


def test_an_auditor_searches_the_log_at_once(client, access):
    access()
    client.force_login(staff("auditor"))

    answer = client.post(f"{LIST}find/", follow=True)

    assert f"{Anomaly.objects.count()} new anomal" in text(answer)
    assert client.get(f"{LIST}find/").status_code == 405
    assert client.get(f"{LIST}9999/review/").status_code == 302
