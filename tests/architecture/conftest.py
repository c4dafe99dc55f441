import pytest
from django.test import Client

from tests.clinical.scene import Scene, make_scene


@pytest.fixture
def scene(wednesday_morning) -> Scene:
    return make_scene()


@pytest.fixture
def clients(scene) -> dict[str, Client]:
    found = {who: Client() for who in [*scene.people, "anonymous"]}
    for who, user in scene.people.items():
        found[who].force_login(user)
    return found
