import pytest

from tests.billing.rows import held
from tests.scheduling.conftest import sunday_noon  # noqa: F401 - a fixture


@pytest.fixture
def scene(client):
    """A time that is held, and whoever holds it logged in."""
    scene = held()
    client.force_login(scene.carer)
    return scene
