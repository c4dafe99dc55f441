from tests.scheduling.conftest import sunday_noon

__all__ = ["sunday_noon"]
