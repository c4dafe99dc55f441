"""Decisions under a lock are safe in a cluster too: whoever locks a row takes its turn (ADR 0044)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.ours import our_apps

ROOT = Path(settings.BASE_DIR)
# function: why its locks need no turn
NO_TURNS = {
    "accounts/rights.py _prepare_locked": "may_act_for takes them",
    "audit/capture/querysets.py delete": "it writes the rows that it locks",
    "audit/capture/rows.py build": "its callers write the rows that it locks",
    "audit/capture/rows.py locked_row": "its callers write the rows that it locks",
    "audit/capture/rows.py locked_rows": "its callers write the rows that it locks",
    "audit/evidence/verification/rows.py check_again": "it compares, and decides nothing",
    "clinical/querysets/signed.py _signed_rows": "its callers write the rows that it locks",
    "scheduling/claims_check.py _check_under_lock": "it compares, and decides nothing",
    "scheduling/services/steps.py": "lock_by_key takes them",
}


def our_files() -> set[Path]:
    return {path for app in our_apps() for path in Path(app.path).rglob("*.py")}


def calls_by_function(node: ast.AST, function: str = "") -> Iterator[tuple[str, str]]:
    """Each call, with the name of the function it stands in; empty outside of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield function, getattr(child.func, "attr", getattr(child.func, "id", ""))
        is_function = isinstance(child, ast.FunctionDef)
        yield from calls_by_function(child, child.name if is_function else function)


def locks_without_turn(source: str) -> set[str]:
    """Functions that lock rows and take no turns."""
    calls = set(calls_by_function(ast.parse(source)))
    return {function for function, call in calls if call == "select_for_update"} - {
        function for function, call in calls if call == "take_turns"
    }


def test_whoever_locks_a_row_takes_its_turn():
    found = {
        f"{path.relative_to(ROOT)} {function}".rstrip()
        for path in our_files()
        for function in locks_without_turn(path.read_text())
    }

    assert found == set(NO_TURNS)


def test_the_guard_finds_a_lock_without_a_turn():
    lock = "def pay(*, bill, by):\n    bill = Invoice.objects.select_for_update().get(pk=bill.pk)\n"

    elsewhere = "def book():\n    take_turns(slot)\n"

    assert locks_without_turn(lock + elsewhere) == {"pay"}
    assert locks_without_turn(f"{lock}    take_turns(bill)\n") == set()
