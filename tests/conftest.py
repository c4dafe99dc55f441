"""The test database, and the fixtures that all tests share.

DATABASE_URL chooses the database, SQLite without it (`make test-mariadb` starts a server and sets it).
A test marked `django_db(transaction=True)` commits, so that threads and browsers see its rows; such tests
run last, and each starts with only the rows that `migrate` creates.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, connections
from django.db.models import Model
from django.test import Client

from accounts.models import User
from audit.signing import identifiers
from hms.core.shared_counts import shared_counts
from scheduling.services import confirm_booking, hold_slot
from tests import migrated_file, migrated_rows
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours, staff
from tests.mariadb import fast_folder
from tests.scheduling.admin_day import MORNING

COMMITTING_FIXTURES = {"transactional_db", "live_server", "django_db_reset_sequences"}

# The same examples in every run; a failure found otherwise becomes a separate test.
hypothesis.settings.register_profile("hms", deadline=None, derandomize=True)
hypothesis.settings.load_profile("hms")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Restore the rows of `migrate` (roles, tax classes) before each test that commits.

    Slow tests run first among their kind, so that no worker ends with one alone.
    """
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("race", "slow")])
    for item in items:
        marker = item.get_closest_marker("django_db")
        options = dict(marker.kwargs) if marker else {}
        if options.get("transaction") or COMMITTING_FIXTURES & set(item.fixturenames):
            options |= {"transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Whether the database may be there already: on SQLite in a folder of this run's own."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Give each worker its own SQLite file: threads can share a file, but not a database in memory."""
    creation = type(connection.creation)
    creation.serialize_db_to_string = staticmethod(migrated_rows.keep)
    creation.deserialize_db_from_string = staticmethod(migrated_rows.put_back)
    if connection.vendor != "sqlite":
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="hms-test-", dir=fast_folder()))
    connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")
    migrated_file.put(folder / "test.sqlite3")
    yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Keep the rows of `migrate` where every connection finds them: browser tests open a second one."""
    one = connections["default"]
    if hasattr(one, "_test_serialized_contents"):  # kept only where some test of the run needs them
        type(one)._test_serialized_contents = one._test_serialized_contents


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and cached parts of pages belong to one test."""
    yield
    for each in caches.all(initialized_only=True):
        each.clear()
    shared_counts().forget()


@pytest.fixture(autouse=True)
def _keys_of_this_test() -> None:
    """Keys of the log never go back, and another test may have been in another year."""
    identifiers._source.forget()


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries):
    """A process reads each content type once: counts hold for the first test of a process as for the last."""
    ContentType.objects.get_for_models(*apps.get_models())
    return django_assert_num_queries


@pytest.fixture
def client_of() -> Callable[[Model], Client]:
    """A function that returns a separate logged-in client for each user."""

    def log_in(user: Model) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def standing_clock():
    """Now, until the test is over: a code that holds for half a minute does not run out in between."""
    with time_machine.travel(time.time(), tick=False):
        yield


@pytest.fixture
def sunday_noon():
    """Sunday 22 November 2026, noon in the hospital's time zone."""
    with time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def wednesday_morning():
    """Wednesday 10 June 2026, 9:20 in the hospital's time zone; a test may move the clock."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def logged_in(client, user: User) -> User:
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client):
    """An administrator, logged in."""
    return logged_in(client, staff("administrator"))


@pytest.fixture
def desk(client):
    """A receptionist, logged in."""
    return logged_in(client, staff("receptionist"))


@pytest.fixture
def user(client):
    """A logged-in user without a patient record."""
    return logged_in(client, UserFactory(full_name="Asha Rao"))


@pytest.fixture
def doctor():
    return doctor_with_hours(full_name="Dr Asha Rao")


@pytest.fixture
def patient():
    return PatientFactory(full_name="Sunita Deshpande")


@pytest.fixture
def carer(client, patient):
    """The patient's own login, logged in."""
    return logged_in(client, carer_of(patient))


@pytest.fixture
def booked(doctor, patient, carer):
    """An appointment that the patient has booked for tomorrow at nine."""
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), symptoms="Cough", by=carer)
    return confirm_booking(appointment=held, by=carer)
