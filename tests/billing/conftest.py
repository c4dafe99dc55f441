import pytest

from tests.billing.rows import held


@pytest.fixture
def scene(client):
    """A held time whose carer is logged in."""
    scene = held()
    client.force_login(scene.carer)
    return scene
