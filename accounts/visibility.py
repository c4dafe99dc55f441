"""Who may see which patient. Higher layers add their ground (a doctor's own patients) from below's view."""

from collections.abc import Callable

from django.db.models import Q

# Each scope takes a user and returns a condition on Patient, or None when it has nothing to say.
_scopes: list[Callable[..., Q | None]] = []


def add_patient_scope(scope: Callable[..., Q | None]) -> None:
    """Let `scope(user)` widen what `Patient.objects.visible_to(user)` returns."""
    if scope not in _scopes:
        _scopes.append(scope)


def scopes_for(user) -> list[Q]:
    return [condition for scope in _scopes if (condition := scope(user)) is not None]
