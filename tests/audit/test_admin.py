"""The log page: read-only for everybody, quick, searchable, and exports are logged."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.capture.context import audit_context
from audit.capture.recorder import Subject, record_event
from audit.models import Action, AuditEvent, Outcome
from tests.costs import READ_BY_STAFF
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U05")]
LIST = "admin:audit_auditevent_changelist"
# session, person, two of permissions; patients' numbers; the count up to its limit, the entries
# and the roles to filter by, or the entry
QUERIES_OF_LIST = 8
QUERIES_OF_ENTRY = 6 + READ_BY_STAFF


def shown(response) -> list[AuditEvent]:
    return list(response.context["cl"].result_list)


def page_of(event: AuditEvent) -> str:
    return reverse("admin:audit_auditevent_change", args=[event.pk])


@pytest.mark.parametrize("role", ["auditor", "superuser"])
def test_nobody_adds_changes_or_deletes_an_entry(role, client, auditor, log):
    user = auditor if role == "auditor" else UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    PatientFactory()
    event = log.events()[-1]
    log.forget()

    answers = [
        client.get(reverse("admin:audit_auditevent_add")).status_code,
        client.post(page_of(event), {"reason": "other"}).status_code,
        client.get(reverse("admin:audit_auditevent_delete", args=[event.pk])).status_code,
        client.post(reverse("admin:audit_auditevent_delete", args=[event.pk])).status_code,
    ]
    client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": event.pk})
    page = client.get(reverse(LIST)).text

    assert answers == [403] * 4
    assert "delete_selected" not in page
    assert "export_as_csv" in page
    assert AuditEvent.objects.get(pk=event.pk).reason == ""


@pytest.mark.parametrize("is_staff", [True, False])
def test_who_may_not_see_the_log_does_not(is_staff, client, log):
    PatientFactory(full_name="Asha Rao")
    event = log.event()
    client.force_login(UserFactory(is_staff=is_staff))

    answers = [client.get(address) for address in (reverse(LIST), page_of(event))]

    assert {answer.status_code for answer in answers} == {403 if is_staff else 302}
    assert not any(str(event.pk) in answer.text for answer in answers)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_one_entry_and_for_three(rows, desk, log, django_assert_num_queries):
    made = PatientFactory.create_batch(rows)
    desk.get(reverse(LIST))

    with django_assert_num_queries(QUERIES_OF_LIST):
        response = desk.get(reverse(LIST), {"model": "accounts.patient", "action__exact": "create"})

    assert [event.object_repr for event in shown(response)] == [row.mrn for row in reversed(made)]
    assert f'patient_id={made[0].pk}">{made[0].mrn}</a>' in response.text


def test_a_missing_patient_is_shown_by_key(desk, log):
    record_event(Action.READ, subject=Subject("accounts.patient", 999_999, "", 999_999))

    response = desk.get(reverse(LIST), {"patient_id": 999_999})

    assert 'patient_id=999999">999999</a>' in response.text


def test_a_denied_or_failed_action_says_so(desk, log):
    record_event(Action.READ, outcome=Outcome.REFUSED)

    response = desk.get(reverse(LIST), {"outcome__exact": "refused"})

    assert "Read (refused)" in response.text
    assert desk.get(page_of(log.events()[-1])).context["title"] == "Read (refused)"


@pytest.mark.parametrize("rows", [1, 3])
def test_an_entry_asks_the_same_for_one_change_and_for_three(rows, desk, log, django_assert_num_queries):
    patient = PatientFactory()
    for name in ["city", "street", "county"][:rows]:
        setattr(patient, name, "Mandya")
    patient.save()
    page = page_of(log.events()[-1])
    desk.get(page)

    with django_assert_num_queries(QUERIES_OF_ENTRY):
        response = desk.get(page)

    assert len(response.context["lines"]) == rows


def test_an_entry_shows_before_and_after_in_words(desk, log, make_appointment):
    at = timezone.make_aware(timezone.datetime(2026, 7, 1, 10, 30))
    appointment = make_appointment(starts_at=at, ends_at=at + timedelta(minutes=15))
    appointment.status, appointment.starts_at = "arrived", at + timedelta(minutes=5)
    appointment.symptoms, appointment.cancellation_reason = "Cough", "<b>Rain</b>"
    appointment.save()

    response = desk.get(page_of(log.events()[-1]))

    assert [(line.label, line.before, line.after) for line in response.context["lines"]] == [
        ("Starts at", "1 Jul 2026 10:30:00 AM CEST", "1 Jul 2026 10:35:00 AM CEST"),
        ("Status", "Booked", "Arrived"),
        ("Symptoms", "—", "(not shown)"),
        ("Reason for cancelling", "—", "<b>Rain</b>"),
    ]
    assert "&lt;b&gt;Rain&lt;/b&gt;" in response.text
    assert "<b>Rain</b>" not in response.text
    assert "Cough" not in response.text


def test_an_entry_shows_its_details_and_links_to_related_entries(desk, log, auditor):
    patient = PatientFactory()
    with audit_context(actor=auditor, request_id="e" * 32):
        record_event(Action.EXPORT, obj=patient, details={"rows": 3, "columns": ["a", "b"]})

    response = desk.get(page_of(log.events()[-1]))

    assert response.context["details"] == [("columns", "a, b"), ("rows", "3")]
    assert [query.partition("?")[2] for _label, query in response.context["related"]] == [
        f"model=accounts.patient&object_pk={patient.pk}",
        f"patient_id={patient.pk}",
        f"actor_id={auditor.pk}",
        f"request_id={'e' * 32}",
    ]
    assert "style=" not in response.text


def test_an_entry_about_a_record_that_exists_no_more_is_still_shown(desk, log):
    subject = Subject("clinic.chart", 4, "Chart 4")
    record_event(Action.UPDATE, subject=subject, changes={"colour": ["red", ["a", {"b": 1}]]})

    response = desk.get(page_of(log.events()[-1]))

    assert [(line.label, line.before, line.after) for line in response.context["lines"]] == [
        ("colour", "red", "a, b: 1")
    ]
    assert "clinic.chart Chart 4" in response.text


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *(("auditor", 200), ("administrator", 200), ("receptionist", 403), ("doctor", 403)),
        *(("nurse", 403), ("lab_technician", 403), ("billing_clerk", 403)),
    ],
)
def test_auditors_and_administrators_see_the_log_and_other_roles_do_not(role, status, client):
    user = staff(role)
    client.force_login(user)

    answer = client.get(reverse(LIST))

    event = AuditEvent.objects.filter(object_pk=user.pk).first()
    assert (answer.status_code, page_of(event) in answer.text) == (status, status == 200)
