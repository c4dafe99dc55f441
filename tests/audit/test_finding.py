"""An auditor searches, filters and exports; an export is an entry itself."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.admin.pages import CappedPaginator
from audit.context import audit_context
from audit.models import Action, AuditEvent
from audit.recorder import Subject, record_event
from scheduling.models import Appointment
from tests.factories import PatientFactory, UserFactory

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


def test_counting_stops_at_the_limit(monkeypatch, log):
    monkeypatch.setattr("audit.admin.pages.MOST", 2)
    PatientFactory.create_batch(3)

    assert CappedPaginator(AuditEvent.objects.all(), 50).count == 2
