"""An auditor searches, filters and exports; exports are logged."""

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.capture.context import audit_context
from audit.capture.recorder import Subject, record_event
from audit.models import Action, AuditEvent
from audit.reading.pages import CappedPaginator
from scheduling.models import Appointment
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U05")]
LIST = "admin:audit_auditevent_changelist"


def shown(response) -> list[AuditEvent]:
    return list(response.context["cl"].result_list)


@pytest.fixture
def entries(desk, log, auditor, make_appointment):
    """Entries of two patients, one person and a stranger."""
    wanted, other = PatientFactory(mrn="T000901"), PatientFactory(mrn="T000902")
    appointment = make_appointment(patient=wanted)
    stranger = UserFactory(full_name="Vikram Seth", email="vikram@example.org")
    log.forget()
    with audit_context(actor=auditor, source="page", request_id="a" * 32):
        record_event(Action.READ, obj=wanted)
        record_event(Action.READ, obj=appointment)
    with audit_context(actor=stranger, source="admin", request_id="b" * 32):
        record_event(Action.PRINT, obj=other)
    return log.events()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("T000901", [0, 1]),
        ("T000902", [2]),
        ("a" * 32, [0, 1]),
        ("seth", [2]),
        ("vikram@example", [2]),
        ("of appointment", [1]),
        ("of patient", [0, 1]),
        ("nobody at all", []),
        ("9" * 40, []),
        ("  ", [0, 1, 2]),
    ],
)
def test_an_auditor_searches(search, found, desk, entries, log):
    search = {
        "of appointment": Appointment.objects.get().reference,
        "of patient": str(entries[0].patient_id),
    }.get(search, search)

    response = desk.get(reverse(LIST), {"q": search})

    kept = [event for event in shown(response) if event in entries]
    assert kept == [entries[number] for number in reversed(found)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"action__exact": "print"}, [2]),
        ({"source__exact": "admin"}, [2]),
        ({"model": "scheduling.appointment"}, [1]),
        ({"model": "accounts.patient", "object_pk": "wanted"}, [0]),
        ({"patient_id": "wanted"}, [0, 1]),
        ({"actor_id": "auditor"}, [0, 1]),
        ({"request_id": "b" * 32}, [2]),
        ({"patient_id": "x"}, []),
        ({"patient_id": "9" * 40}, []),
        ({"outcome__exact": "refused"}, []),
    ],
)
def test_an_auditor_filters(filters, found, desk, entries, auditor):
    known = {"wanted": entries[0].patient_id, "auditor": auditor.pk}
    filters = {name: known.get(value, value) for name, value in filters.items()}

    response = desk.get(reverse(LIST), filters)

    kept = [event for event in shown(response) if event in entries]
    assert kept == [entries[number] for number in reversed(found)]


def test_an_export_has_the_chosen_entries_and_is_logged(desk, entries, log, auditor):
    wanted = entries[0].patient_id
    log.forget()

    response = desk.post(
        f"{reverse(LIST)}?patient_id={wanted}",
        {"action": "export_as_csv", "_selected_action": [event.pk for event in entries[:2]]},
    )

    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    event = log.event()
    assert [(row["id"], row["action"], row["actor_label"]) for row in rows] == [
        (str(one.pk), "read", one.actor_label) for one in reversed(entries[:2])
    ]
    assert rows[0]["recorded_at_utc"] == entries[1].recorded_at.isoformat()
    assert rows[0]["recorded_at_local"] == timezone.localtime(entries[1].recorded_at).isoformat()
    assert (event.action, event.model, event.patient_id, event.actor_id) == (
        "export",
        "audit.auditevent",
        wanted,
        auditor.pk,
    )
    assert event.details == {
        "entries": 2,
        "filters": {"patient_id": str(wanted)},
        "format": "csv",
    }


def test_an_export_takes_the_power_out_of_formulas(desk, log):
    record_event(Action.READ, subject=Subject(name='=HYPERLINK("http://x")'), changes={"a": [1, 2]})

    response = desk.post(
        reverse(LIST),
        {"action": "export_as_csv", "_selected_action": [log.events()[-1].pk]},
    )

    (row,) = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode()))
    assert row["object_repr"] == '\'=HYPERLINK("http://x")'
    assert row["changes"] == '{"a": [1, 2]}'


def test_counting_stops_at_the_limit_and_the_list_says_so(monkeypatch, desk, log):
    monkeypatch.setattr("hms.core.paging.MOST", 2)
    PatientFactory.create_batch(3)

    assert CappedPaginator(AuditEvent.objects.all(), 50).count == 2
    assert "2 or more log entries" in " ".join(desk.get(reverse(LIST)).text.split())


@pytest.fixture
def listed(desk, log):
    """Two patients who were on a list, one of whom was opened."""
    wanted, other = PatientFactory(mrn="T000901"), PatientFactory(mrn="T000902")
    clerk = staff("receptionist")
    reader = Client()
    reader.force_login(clerk)
    log.forget()
    reader.get("/admin/accounts/patient/", {"q": "T0009"})
    reader.get("/admin/accounts/patient/")
    reader.get(f"/admin/accounts/patient/{other.pk}/change/")
    return wanted, other, log.events(action="read")


@pytest.mark.parametrize("way", ["patient_id", "mrn", "number"])
def test_an_auditor_finds_the_lists_that_showed_a_patient(way, desk, listed):
    wanted, _other, (in_list, opened) = listed
    address = {
        "patient_id": {"patient_id": wanted.pk},
        "mrn": {"q": wanted.mrn},
        "number": {"q": str(wanted.pk)},
    }[way]

    response = desk.get(reverse(LIST), address)

    assert in_list in shown(response)
    assert opened not in shown(response)


def test_an_entry_of_a_list_names_who_was_on_it_and_the_list_how_many(desk, listed, monkeypatch):
    monkeypatch.setattr("audit.admin.events.MOST_PATIENTS", 1)
    wanted, _other, (in_list, _opened) = listed

    page = desk.get(reverse("admin:audit_auditevent_change", args=[in_list.pk]))
    whole = desk.get(reverse(LIST), {"action__exact": "read"})

    assert page.context["shown"]["patients"] == [(wanted.mrn, f"{reverse(LIST)}?patient_id={wanted.pk}")]
    assert "and 1 more" in page.text
    assert page.context["details"] == [("Rows shown", "patient: 2"), ("Page", "list")]
    assert "2 patients" in whole.text


def test_an_entry_of_a_search_says_what_was_searched_for(desk, listed, log):
    clerk = Client()
    clerk.force_login(staff("receptionist"))
    clerk.get("/admin/accounts/patient/", {"q": "T000901"})
    (event,) = log.events(action="search")

    page = desk.get(reverse("admin:audit_auditevent_change", args=[event.pk]))

    assert ("Searched for", "T000901") in page.context["details"]
    assert "list, “T000901”" in desk.get(reverse(LIST), {"action__exact": "search"}).text


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"role": "receptionist"}, True),
        ({"role": "doctor"}, False),
        ({"from": "2000-01-01"}, True),
        ({"from": "2999-01-01"}, False),
        ({"until": "2999-01-01"}, True),
        ({"until": "2000-01-01"}, False),
        ({"from": "2026-99-99", "until": "0001-01-01"}, True),
    ],
)
def test_an_auditor_filters_by_role_and_days(filters, found, desk, listed):
    *_patients, (in_list, _opened) = listed

    response = desk.get(reverse(LIST), filters | {"action__exact": "read"})

    assert (in_list in shown(response)) is found
    assert '<input type="hidden" name="action__exact" value="read">' in response.text


def test_the_filter_by_person_shows_the_name(desk, listed, auditor):
    assert "Anita Desai" in desk.get(reverse(LIST), {"actor_id": auditor.pk}).text
    assert desk.get(reverse(LIST), {"actor_id": "9" * 40}).status_code == 200


def test_a_reason_is_found_by_its_words(desk, log):
    event = record_event(Action.READ, reason="Called by the family")

    assert shown(desk.get(reverse(LIST), {"q": "the family"})) == [event]


def test_an_export_as_json_has_one_entry_a_line_and_is_logged(desk, entries, log):
    log.forget()

    response = desk.post(
        reverse(LIST),
        {"action": "export_as_json", "_selected_action": [event.pk for event in entries]},
    )

    rows = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]
    assert response["Content-Disposition"].endswith('.jsonl"')
    assert [row["id"] for row in rows] == [event.pk for event in reversed(entries)]
    assert (rows[0]["action"], rows[0]["details"]) == ("print", {})
    assert rows[0]["recorded_at_utc"] == entries[2].recorded_at.isoformat()
    assert log.event().details["format"] == "jsonl"
