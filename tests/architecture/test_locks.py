"""Decisions under a lock are safe in a cluster too: whoever locks a row takes its turn (ADR 0044)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.ours import our_apps

ROOT = Path(settings.BASE_DIR)
# file: why its locks need no turn
NO_TURNS = {
    "audit/capture/querysets.py": "it writes the rows that it locks",
    "audit/capture/rows.py": "its callers write the rows that it locks",
    "audit/evidence/verification/rows.py": "it compares, and decides nothing",
    "scheduling/claims_check.py": "it compares, and decides nothing",
}


def our_files() -> set[Path]:
    return {path for app in our_apps() for path in Path(app.path).rglob("*.py")}


def locks_without_turn(source: str) -> Iterator[int]:
    """Lines that lock rows, in a file that takes no turns."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    called = [(getattr(call.func, "attr", getattr(call.func, "id", "")), call.lineno) for call in calls]
    if not any(name == "take_turns" for name, _line in called):
        yield from (line for name, line in called if name == "select_for_update")


def test_whoever_locks_a_row_takes_its_turn():
    found = {str(path.relative_to(ROOT)) for path in our_files() if [*locks_without_turn(path.read_text())]}

    assert found == set(NO_TURNS)


def test_the_guard_finds_a_lock_without_a_turn():
    lock = "def pay(*, bill, by):\n    bill = Invoice.objects.select_for_update().get(pk=bill.pk)\n"

    assert list(locks_without_turn(lock)) == [2]
    assert list(locks_without_turn(f"{lock}    take_turns(bill)\n")) == []
