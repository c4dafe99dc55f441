from collections.abc import Iterator

import pytest

from tests.webhooks.receiver import Receiver, listening


@pytest.fixture
def inside_allowed(settings) -> None:
    settings.WEBHOOKS = settings.WEBHOOKS | {"allow_inside": True}


@pytest.fixture
def receiver(inside_allowed) -> Iterator[Receiver]:
    with listening() as server:
        yield server
