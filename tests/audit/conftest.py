import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audit.capture.recorder import Entry, Subject, write
from audit.capture.registry import register, unregister
from audit.evidence.seals import seal_log
from audit.models import Action, AuditEvent
from audit.receivers import stop_listening
from scheduling.models import Appointment
from tests.factories import BranchFactory, DoctorFactory, PatientFactory, UserFactory


class Log:
    """The entries since the log was opened or last forgotten."""

    def __init__(self):
        self.forget()

    def forget(self) -> None:
        last = AuditEvent.objects.order_by("pk").last()
        self.start = last.pk if last else 0

    def events(self, **filters) -> list[AuditEvent]:
        return list(AuditEvent.objects.filter(pk__gt=self.start, **filters).order_by("pk"))

    def event(self, **filters) -> AuditEvent:
        (event,) = self.events(**filters)
        return event

    def rows(self) -> list[tuple]:
        return [
            (event.action, event.model, event.object_pk, event.patient_id, event.changes)
            for event in self.events()
        ]


@pytest.fixture
def log(db) -> Log:
    return Log()


@pytest.fixture
def make_appointment(db) -> Callable[..., Appointment]:
    def make(**fields) -> Appointment:
        starts_at = timezone.now().replace(microsecond=0) + timedelta(days=1)
        return Appointment.objects.create(
            **{
                "patient": fields.pop("patient", None) or PatientFactory(),
                "doctor": DoctorFactory(),
                "branch": BranchFactory(),
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=15),
                "status": "booked",
                "source": "web",
            }
            | fields
        )

    return make


@pytest.fixture
def log_model() -> Iterator[Callable]:
    """Register a model for the length of one test."""
    models = []

    def start(model, **options):
        models.append(model)
        register(model, **options)

    yield start
    for model in models:
        stop_listening(model)
        unregister(model)


@pytest.fixture
def auditor():
    user = UserFactory(is_staff=True, full_name="Anita Desai")
    user.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    return user


@pytest.fixture
def desk(client, auditor, log):
    client.force_login(auditor)
    log.forget()
    return client


@pytest.fixture
def sql(db) -> Callable[..., None]:
    """Write past the application, with access to the database only."""

    def execute(statement: str, *params) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.rowcount

    return execute


@pytest.fixture
def findings(db) -> Callable[..., list[dict]]:
    """What `verify_audit` finds, without the texts."""

    def verify(**options) -> list[dict]:
        out, code = io.StringIO(), 0
        try:
            call_command("verify_audit", json=True, no_progress=True, stdout=out, **options)
        except SystemExit as end:
            code = end.code
        *found, last = map(json.loads, out.getvalue().splitlines())
        assert last["summary"]["findings"] == len(found)
        assert code == bool(found)
        return [{name: value for name, value in one.items() if name != "text"} for one in found]

    return verify


@pytest.fixture
def next_year():
    """A moment after everything in the test."""
    return timezone.now() + timedelta(days=365)


@pytest.fixture
def reads(db) -> list[int]:
    """Five sealed accesses to five patients."""
    events = write(Entry(Action.READ, Subject("accounts.patient", n, f"T{n}", n)) for n in range(1, 6))
    seal_log()
    return [event.pk for event in events]
