"""Rows that are not logged because they are derived from rows that are; the app adds a check of them.

    add_check("Claims", check_claims)

A check yields its findings and calls `step` with the number of rows checked. Others may write meanwhile, so
it checks a suspicious row again under a lock. It keeps no list that grows with the table.
"""

from collections.abc import Callable, Iterator

from audit.evidence.verification.findings import Finding

Step = Callable[[int], object]
Check = Callable[[Step], Iterator[Finding]]
_checks: dict[str, Check] = {}


def add_check(label: str, check: Check) -> None:
    _checks[label] = check


def all_checks() -> list[tuple[str, Check]]:
    return list(_checks.items())
