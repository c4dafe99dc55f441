"""The check that a login may act for a patient, which every write on a patient's behalf makes."""

from django.db.models import DateField, Exists, IntegerField, OuterRef
from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from accounts.models.guardianship import Scope
from hms.core.locks import take_turns
from hms.core.prepared import PreparedQuery


def _guardianships(parameter, scope: str):
    return (
        Guardianship.objects.in_force(parameter("today", DateField()))
        .filter(
            user__id=parameter("user", IntegerField()),
            patient__id=parameter("patient", IntegerField()),
            **{scope: True},
        )
        .order_by()
    )


def _prepare(scope: str) -> PreparedQuery:
    return PreparedQuery(
        lambda parameter: _guardianships(parameter, scope).filter(user__is_active=True).values_list("pk")
    )


def _prepare_locked(scope: str) -> PreparedQuery:
    """Select the patient's reference so that its row is joined and locked; the login's row is not locked."""
    is_active = Exists(User.objects.filter(pk=OuterRef("user_id"), is_active=True))
    return PreparedQuery(
        lambda parameter: (
            _guardianships(parameter, scope)
            .select_for_update()
            .values_list(is_active, "pk", "patient__reference")
        )
    )


_HELD = {scope.value: _prepare(scope.value) for scope in Scope}
_LOCKED = {scope.value: _prepare_locked(scope.value) for scope in Scope}


def may_act_for(user, patient_id: int, scope: Scope, *, lock: bool = False) -> bool:
    """Whether the user holds a guardianship in force for the patient with this scope.

    With `lock`, the rows of the guardianship and the patient are locked until the transaction ends.
    """
    question = (_LOCKED if lock else _HELD)[scope.value]
    rows = question.rows(user=user.pk, patient=patient_id, today=timezone.localdate())
    if lock and rows:
        take_turns((Patient, patient_id), *((Guardianship, row[1]) for row in rows))
    return any(is_held for is_held, *_rest in rows)
