"""Statistics are refreshed on both engines, and never within a transaction."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hms.core.statistics import refresh_statistics


@pytest.mark.django_db(transaction=True)
def test_statistics_of_all_tables_are_refreshed():
    with CaptureQueriesContext(connection) as queries:
        refresh_statistics()

    assert queries[-1]["sql"].startswith("ANALYZE")


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_done():
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        refresh_statistics()

    assert list(queries) == []
