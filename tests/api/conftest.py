import pytest

from tests.clinical.scene import Scene, make_scene


@pytest.fixture
def scene(wednesday_morning) -> Scene:
    return make_scene()
