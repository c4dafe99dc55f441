"""Anomalies are found once, reviewed by those who may, and each decision is in the log."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from audit.anomalies.finding import find_anomalies
from audit.anomalies.review import close_anomaly, reopen_anomaly
from audit.models import Anomaly, AuditEvent
from tests.factories import PatientFactory, carer_of, staff
from tests.opened import send
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U05")]
LIST = "/admin/audit/anomaly/"
# session, person, permissions twice, the count, the rows, the patients' numbers
QUERIES_OF_LIST = 7


@pytest.fixture
def known():
    return PatientFactory(full_name="Asha Famous", is_confidential=True)


@pytest.fixture
def ravi():
    return staff("receptionist", full_name="Ravi Desk")


@pytest.fixture
def access(client, ravi, known):
    """Ravi opens the record of a confidential patient."""

    def opens(patient=known):
        client.force_login(ravi)
        assert client.get(f"/admin/accounts/patient/{patient.pk}/change/").status_code == 200

    return opens


@pytest.fixture
def anomaly(access, settings):
    settings.AUDIT_ANOMALIES = settings.AUDIT_ANOMALIES | {"day_begins": "00:00", "day_ends": "23:59:59"}
    access()
    find_anomalies(since=timezone.localdate())
    return Anomaly.objects.get()


def test_what_was_found_says_who_whose_and_where(anomaly, ravi, known, log):
    assert (anomaly.rule, anomaly.actor_id, anomaly.patient_id) == ("confidential", ravi.pk, known.pk)
    assert (anomaly.count, anomaly.status, len(anomaly.event_ids)) == (1, "open", 1)
    assert anomaly.key == f"confidential:{ravi.pk}:{anomaly.begins_at:%Y%m%dT%H%M}:{known.pk}"


def test_a_second_search_finds_it_once_and_lets_it_grow(anomaly, access):
    access()

    found = [find_anomalies(since=timezone.localdate() - timedelta(days=1)) for _twice in range(2)]

    anomaly.refresh_from_db()
    assert [(one.new, one.grown) for one in found] == [(0, 1), (0, 0)]
    assert (anomaly.count, len(anomaly.event_ids), Anomaly.objects.count()) == (2, 2, 1)


def test_an_auditors_export_of_the_log_is_no_access_to_the_record(known, client):
    client.force_login(staff("auditor"))
    entries = AuditEvent.objects.filter(patient_id=known.pk).values_list("pk", flat=True)
    chosen = {"action": "export_as_csv", "_selected_action": list(entries)}

    client.post(f"/admin/audit/auditevent/?patient_id={known.pk}", chosen)

    assert AuditEvent.objects.filter(action="export", patient_id=known.pk).exists()
    assert find_anomalies(since=timezone.localdate()).new == 0


def test_what_is_closed_does_not_grow(anomaly, access):
    close_anomaly(anomaly=anomaly, outcome="explained", note="Called in", by=staff("auditor"))
    access()

    found = find_anomalies(since=timezone.localdate())

    anomaly.refresh_from_db()
    assert (found.new, found.grown, anomaly.count) == (0, 0, 1)


def test_the_command_searches_the_days_given(access):
    access()
    out = io.StringIO()

    call_command("find_anomalies", since=timezone.localdate() + timedelta(days=1), stdout=out)
    call_command("find_anomalies", stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[0] == "0 new anomalies, 0 that grew."
    assert Anomaly.objects.filter(rule="confidential").count() == 1
    assert lines[1] == f"{Anomaly.objects.count()} new anomalies, 0 that grew."


def test_an_auditor_closes_with_an_outcome_and_a_note_and_the_log_has_it(anomaly, log):
    auditor = staff("auditor")
    log.forget()

    closed = close_anomaly(anomaly=anomaly, outcome="violation", note=" Was curious ", by=auditor)

    event = log.event()
    assert (closed.status, closed.note, closed.reviewed_by) == ("violation", "Was curious", auditor)
    assert (event.action, event.model, event.object_pk) == ("update", "audit.anomaly", str(anomaly.pk))
    assert (event.actor_id, event.patient_id) == (auditor.pk, None)
    assert event.changes == {"status": ["open", "violation"], "note": ["", "Was curious"]}


def test_a_decision_is_taken_back_with_a_note(anomaly):
    auditor = staff("auditor")
    close_anomaly(anomaly=anomaly, outcome="explained", note="On duty", by=auditor)

    assert reopen_anomaly(anomaly=anomaly, note="Was not", by=auditor).status == "open"


def test_who_may_not_review_closes_nothing(anomaly):
    with pytest.raises(ValidationError) as refusal:
        close_anomaly(anomaly=anomaly, outcome="explained", note="Fine", by=staff("administrator"))

    assert refusal.value.code == "not_your_anomaly"
    assert Anomaly.objects.get().status == "open"


def test_a_decision_without_a_note_is_refused(anomaly):
    with pytest.raises(ValidationError) as refusal:
        close_anomaly(anomaly=anomaly, outcome="explained", note="  ", by=staff("auditor"))

    assert (refusal.value.field, refusal.value.code) == ("note", "note_missing")
    assert Anomaly.objects.get().status == "open"


def test_nobody_closes_what_is_about_themselves(anomaly, ravi):
    ravi.groups.set(staff("auditor").groups.all())

    with pytest.raises(ValidationError, match="never by the person"):
        close_anomaly(anomaly=anomaly, outcome="explained", note="It was me", by=ravi)


def test_what_is_closed_is_not_closed_again(anomaly):
    auditor = staff("auditor")
    close_anomaly(anomaly=anomaly, outcome="explained", note="On duty", by=auditor)

    with pytest.raises(ValidationError, match="cannot become"):
        close_anomaly(anomaly=anomaly, outcome="violation", note="No", by=auditor)


class TestScreens:
    def test_the_queue_shows_what_is_open(self, client, anomaly, known):
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
    def test_the_queue_asks_the_same_for_one_and_for_three(
        self, count, client, access, django_assert_num_queries
    ):
        for patient in PatientFactory.create_batch(count, is_confidential=True):
            access(patient)
        find_anomalies(since=timezone.localdate())
        client.force_login(staff("auditor"))

        with django_assert_num_queries(QUERIES_OF_LIST):
            response = client.get(LIST, {"rule": "confidential"})

        assert len(response.context["cl"].result_list) == count

    def test_an_auditor_reads_the_entries_and_decides(self, client, anomaly):
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

    def test_the_person_it_is_about_is_refused(self, client, anomaly, ravi):
        ravi.groups.set(staff("auditor").groups.all())
        client.force_login(ravi)

        answer = send(client, f"{LIST}{anomaly.pk}/review/", {"outcome": "explained", "note": "Me"})

        assert "never by the person they are about" in text(answer)
        assert Anomaly.objects.get().status == "open"

    def test_administrators_can_see_but_not_review(self, client, anomaly):
        client.force_login(staff("administrator"))

        assert client.get(LIST).status_code == 200
        page = client.get(f"{LIST}{anomaly.pk}/change/")
        assert f"{anomaly.pk}/review/" not in page.text
        assert client.get(f"{LIST}{anomaly.pk}/review/").status_code == 403
        assert client.post(f"{LIST}find/").status_code == 403

    @pytest.mark.parametrize("role", ["receptionist", "doctor", "nurse", "lab_technician", "billing_clerk"])
    def test_others_see_nothing(self, role, client, anomaly):
        client.force_login(staff(role))

        answers = [client.get(f"{LIST}{page}") for page in ("", f"{anomaly.pk}/change/", "9/review/")]

        assert [answer.status_code for answer in answers] == [403] * 3
        assert not any(anomaly.actor_label in answer.text for answer in answers)

    def test_an_auditor_searches_the_log_at_once(self, client, access):
        access()
        client.force_login(staff("auditor"))

        answer = client.post(f"{LIST}find/", follow=True)

        assert f"{Anomaly.objects.count()} new anomal" in text(answer)
        assert client.get(f"{LIST}find/").status_code == 405
        assert client.get(f"{LIST}9999/review/").status_code == 302


def test_a_carer_does_not_say_what_is_confidential(known):
    from accounts.services import update_patient  # noqa: PLC0415 - only here

    with pytest.raises(ValidationError, match="may not do this"):
        update_patient(patient=known, by=carer_of(known), is_confidential=False)
    update_patient(patient=known, by=staff("receptionist"), is_confidential=False)

    known.refresh_from_db()
    assert not known.is_confidential
