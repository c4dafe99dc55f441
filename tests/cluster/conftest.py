"""Three nodes of one cluster; each contender of a race talks to its own."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.db.utils import load_backend

from tests.galera import NODES, missing
from tests.racing import race

ADDRESSES = [urlsplit(url) for url in os.environ.get("GALERA_NODES", "").split()]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not ADDRESSES:
        why = missing() or "needs a cluster: make test-galera"
        for item in items:
            if "tests/cluster" in str(item.path):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
def race_on_nodes(transactional_db):
    """Run each contender on the next node; nobody commits before all have decided."""

    def on_nodes(*contenders: Callable[[], object]) -> Counter:
        ready, decided = (threading.Barrier(len(contenders)) for _each in range(2))

        def on_node(number: int, contender: Callable[[], object]) -> Callable[[], object]:
            def run() -> object:
                connection = _use_node(number % NODES)
                commit = connection._commit
                connection._commit = lambda: (_meet(decided), commit())
                ready.wait()
                return contender()

            return run

        return race(*(on_node(number, contender) for number, contender in enumerate(contenders)))

    return on_nodes


def _meet(barrier: threading.Barrier) -> None:
    """Wait for the others once; who was refused does not come."""
    with suppress(threading.BrokenBarrierError):
        barrier.wait(1)
        barrier.abort()


def _use_node(number: int):
    """The connection of this thread to the node, which has received what was written before."""
    node = ADDRESSES[number]
    own = {**connections.settings["default"], "HOST": node.hostname, "PORT": str(node.port)}
    connections["default"] = load_backend(own["ENGINE"]).DatabaseWrapper(own, "default")
    with connections["default"].cursor() as cursor:
        cursor.execute("SET SESSION wsrep_sync_wait = 1")
        cursor.execute("SELECT 1 FROM core_turn LIMIT 1")
        cursor.execute("SET SESSION wsrep_sync_wait = 0")
    return connections["default"]
