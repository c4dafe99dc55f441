import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.feature("O03")


def test_the_process_answers_without_a_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_not_ready(client):
    for app, name in list(MigrationRecorder(connection).applied_migrations()):
        if app == "scheduling":
            MigrationRecorder(connection).record_unapplied(app, name)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"migrations not applied\n")


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_not_ready(client):
    def refuse(*_args):
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"database not reachable\n")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_health_pages_are_read_only_and_make_no_session(client, page):
    assert client.post(page).status_code == 405
    assert dict(client.get(page).cookies) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_health_pages_answer_without_tls_where_other_pages_ask_for_it(client, settings, page):
    settings.SECURE_SSL_REDIRECT = True

    assert (client.get("/").status_code, client.get(page).status_code) == (301, 200)
