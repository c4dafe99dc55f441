"""Who acted and from where: per thread and per task, from the request, the command or the process."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection

from accounts.models import Patient
from audit.capture.context import audit_context, context_of, current
from audit.capture.recorder import record_event, system_login
from audit.management.audited import AuditedCommand
from audit.models import Action
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U01")]


def test_a_change_carries_its_circumstances(log):
    actor = staff("receptionist", full_name="Meera Nair", email="meera@example.org")
    circumstances = {
        "source": "admin",
        "origin": "POST /admin/",
        "request_id": "f" * 32,
        "address": "192.0.2.7",
        "reason": "Called in",
        "on_behalf_of": "Asha Rao",
    }
    log.forget()

    with audit_context(actor=actor, **circumstances):
        PatientFactory()

    event = log.event()
    assert {name: getattr(event, name) for name in circumstances} == circumstances
    assert (event.actor, event.actor_label, event.actor_roles) == (
        actor,
        "Meera Nair (meera@example.org)",
        "receptionist",
    )


def test_without_a_login_the_process_says_who_runs_it(log):
    PatientFactory()
    with audit_context(source="page", actor=AnonymousUser()):
        PatientFactory()

    assert [(event.source, event.actor_id, event.actor_label) for event in log.events()] == [
        ("shell", None, system_login()),
        ("page", None, ""),
    ]


def test_roles_are_asked_once_per_person_and_for_patients_never(django_assert_num_queries):
    nurse, patient = staff("nurse"), UserFactory()
    patients = PatientFactory.build_batch(4)

    with audit_context(actor=nurse, source="page"), django_assert_num_queries(5):
        patients[0].save()
        patients[1].save()
    with audit_context(actor=patient, source="page"), django_assert_num_queries(4):
        patients[2].save()
        patients[3].save()


def test_contexts_nest_and_end():
    with audit_context(source="page", reason="outer"):
        with audit_context(reason="inner"):
            assert (current().source, current().reason) == ("page", "inner")
        assert current().reason == "outer"

    assert (current().source, current().reason) == ("shell", "")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_threads_that_take_turns_keep_their_actors_apart(log):
    users, rounds = UserFactory.create_batch(2), 5
    turn = threading.Barrier(2, timeout=30)
    log.forget()

    def write(user):
        try:
            with audit_context(actor=user, source="page", request_id=f"{user.pk:032}"):
                for number in range(rounds):
                    turn.wait()
                    PatientFactory(full_name=f"of {user.pk}, {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, users))

    found = [
        (event.actor_id, event.request_id, event.changes["full_name"][1].partition(",")[0])
        for event in log.events()
    ]
    assert sorted(found) == sorted(
        (user.pk, f"{user.pk:032}", f"of {user.pk}") for user in users for _ in range(rounds)
    )


@pytest.mark.django_db(transaction=True)
def test_tasks_that_take_turns_keep_their_actors_apart(log):
    users = UserFactory.create_batch(2)
    log.forget()

    async def write(user):
        with audit_context(actor=user, source="page"):
            for _ in range(3):
                await asyncio.sleep(0)
                await sync_to_async(PatientFactory)(full_name=f"of {user.pk}")

    async def both():
        await asyncio.gather(*map(write, users))

    asyncio.run(both())

    found = [(event.actor_id, event.changes["full_name"][1]) for event in log.events()]
    assert sorted(found) == sorted((user.pk, f"of {user.pk}") for user in users for _ in range(3))


@pytest.mark.parametrize(
    ("argv", "source", "origin"),
    [
        (["manage.py", "purge_claims", "--dry-run"], "command", "purge_claims"),
        (["/srv/hms/manage.py", "shell"], "shell", "shell"),
        (["/usr/lib/django/__main__.py", "loaddata"], "command", "loaddata"),
        (["django-admin", "changepassword"], "command", "changepassword"),
        (["/usr/lib/pytest/__main__.py", "tests"], "shell", ""),
        (["gunicorn", "hms.wsgi"], "shell", ""),
        (["manage.py"], "shell", ""),
        ([""], "shell", ""),
    ],
)
def test_the_command_line_says_what_no_request_explains(argv, source, origin):
    context = context_of(argv)

    assert (context.source, context.origin) == (source, origin)


def test_a_command_called_by_another_process_is_known_by_name(log):
    class Command(AuditedCommand):
        def handle(self, **_options):
            Patient.objects.update(city="Mandya")

    PatientFactory()
    log.forget()

    call_command(Command())

    assert (log.event().source, log.event().origin) == ("command", "test_context")


def test_what_no_signal_tells_is_recorded_by_name(log):
    patient, actor = PatientFactory(), UserFactory()
    log.forget()

    with audit_context(actor=actor, source="page", extra={"screen": "card"}):
        record_event(Action.PRINT, obj=patient, details={"pages": 2}, reason="For the ward")

    event = log.event()
    assert (event.action, event.outcome, event.reason) == ("print", "done", "For the ward")
    assert (event.model, event.object_pk, event.object_repr, event.patient_id) == (
        "accounts.patient",
        str(patient.pk),
        patient.mrn,
        patient.pk,
    )
    assert event.details == {"screen": "card", "pages": 2}
