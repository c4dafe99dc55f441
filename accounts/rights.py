"""Whether a login may act for a patient: the one question that every write on a patient's behalf asks."""

from django.db.models import DateField, IntegerField
from django.utils import timezone

from accounts.models import Guardianship
from accounts.models.guardianship import Scope
from hms.core.prepared import PreparedQuery


def _prepare(scope: str) -> PreparedQuery:
    return PreparedQuery(
        lambda parameter: (
            Guardianship.objects.in_force(parameter("today", DateField()))
            .filter(
                user__id=parameter("user", IntegerField()),
                user__is_active=True,
                patient__id=parameter("patient", IntegerField()),
                **{scope: True},
            )
            .order_by()
            .values_list("pk")
        )
    )


_HELD = {scope.value: _prepare(scope.value) for scope in Scope}


def may_act_for(user, patient_id: int, scope: Scope) -> bool:
    """Whether the login holds a guardianship in force for the patient with this scope."""
    return bool(_HELD[scope.value].rows(user=user.pk, patient=patient_id, today=timezone.localdate()))
