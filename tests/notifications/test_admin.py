"""Administrators and auditors see recipients and statuses; nobody sees texts or changes notifications."""

import pytest
from django.urls import reverse

from audit.models import Action, AuditEvent
from tests.costs import READ_BY_STAFF
from tests.factories import staff
from tests.notifications.rows import queued

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]

LIST = reverse("admin:notifications_notification_changelist")
QUERIES = 6 + READ_BY_STAFF


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_the_list_takes_the_same_queries_for_one_and_three_rows(client, django_assert_num_queries, role):
    client.force_login(staff(role))
    client.get(LIST)

    shown = []
    for count in (1, 3):
        for n in range(count):
            queued(to=f"person{n}@example.org", key=f"refund/{count}/{n}")
        with django_assert_num_queries(QUERIES):
            shown.append(client.get(LIST).content.decode().count("@example.org</td>"))

    assert shown == [1, 4]


@pytest.mark.parametrize("role", ["receptionist", "doctor", "nurse", "billing_clerk", "lab_technician"])
def test_other_roles_do_not_see_what_was_sent(client, role):
    row = queued()
    client.force_login(staff(role))

    answers = [client.get(LIST), client.get(page_of(row))]

    assert [(answer.status_code, row.recipient in answer.text) for answer in answers] == [(403, False)] * 2


def test_the_page_of_a_notification_shows_neither_its_text_nor_an_input(client):
    row = queued()
    client.force_login(staff("administrator"))

    page = client.get(page_of(row)).content.decode()

    assert "payer@example.org" in page
    assert "Kindness" not in page
    assert 'name="_save"' not in page
    assert client.post(page_of(row), {"recipient": "me@example.org"}).status_code == 403
    assert client.get(reverse("admin:notifications_notification_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("sought", ["payer@example.org", "{reference}", "{mrn}", "{name}"])
def test_a_notification_is_found_by_address_reference_or_patient(client, sought):
    row = queued()
    queued(to="other@example.org", key="refund/2", name="Vikram Rathore")
    client.force_login(staff("auditor"))
    words = {"reference": row.reference, "mrn": row.patient.mrn, "name": row.patient.full_name}

    page = client.get(LIST, {"q": sought.format(**words)}).content.decode()

    assert page.count("@example.org</td>") == 1
    assert "payer@example.org</td>" in page


@pytest.mark.feature("U03")
def test_opening_a_notification_is_logged_as_an_access_to_the_patient(client):
    row = queued()
    client.force_login(staff("auditor"))

    for address, words in ((LIST, {}), (LIST, {"q": row.reference}), (page_of(row), {})):
        client.get(address, words)

    looks = AuditEvent.objects.filter(
        model="notifications.notification", object_pk=row.pk, details__has_key="view"
    )
    assert list(looks.order_by("pk").values_list("action", "patient_id", "details__view")) == [
        (Action.READ, row.patient_id, "list"),
        (Action.SEARCH, row.patient_id, "list"),
        (Action.READ, row.patient_id, "form"),
    ]


def page_of(row) -> str:
    return reverse("admin:notifications_notification_change", args=[row.pk])


def test_filters_are_named_by_nouns(client):
    client.force_login(staff("administrator"))

    names = [each.title for each in client.get(LIST).context["cl"].filter_specs]

    assert names == ["status", "way of sending", "subject", "time"]
