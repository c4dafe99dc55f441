"""Failed logins are counted in the database; other tests count them in memory."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection

from hms import settings as as_deployed
from tests.accounts.test_login import log_in

TABLE = as_deployed.CACHES["default"]["LOCATION"]
migration = import_module("hms.site.migrations.0001_cache_table")


@pytest.fixture
def deployed_cache(settings):
    settings.CACHES = as_deployed.CACHES
    yield
    caches["default"].clear()


@pytest.mark.feature("A03")
@pytest.mark.django_db(transaction=True)
def test_failed_logins_are_counted_in_a_table_created_by_a_migration(client, deployed_cache):
    with connection.schema_editor() as editor:
        migration.create_cache_table(apps, editor)
    assert TABLE in connection.introspection.table_names()

    log_in(client, "wrong")

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {TABLE}")  # noqa: S608 - the name is ours
        counted = [key for (key,) in cursor.fetchall() if ":login_failed:" in key]
    assert len(counted) == 2  # of the account, and of the network address
