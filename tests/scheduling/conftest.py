from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def sunday_noon():
    """Sunday 22 November 2026, noon by the hospital's clock."""
    with time_machine.travel(datetime(2026, 11, 22, 11, tzinfo=UTC), tick=False):
        yield
