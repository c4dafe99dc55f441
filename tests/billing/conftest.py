from tests.scheduling.conftest import sunday_noon  # noqa: F401 - a fixture
