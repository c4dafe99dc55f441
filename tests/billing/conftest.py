import pytest

from tests.billing.rows import held


@pytest.fixture
def scene(client):
    """A time that is held, and whoever holds it logged in."""
    scene = held()
    client.force_login(scene.carer)
    return scene
