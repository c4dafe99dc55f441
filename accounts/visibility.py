"""Grounds on which staff see patients. Apps above add their own, for example a doctor's patients."""

from collections.abc import Callable

from django.db.models import Q

# Each scope takes a user and returns a condition on Patient, or None if it does not apply.
_scopes: list[Callable[..., Q | None]] = []


def add_patient_scope(scope: Callable[..., Q | None]) -> None:
    """Let `scope(user)` widen what `Patient.objects.visible_to(user)` returns."""
    if scope not in _scopes:
        _scopes.append(scope)


def scopes_for(user) -> list[Q]:
    return [condition for scope in _scopes if (condition := scope(user)) is not None]
