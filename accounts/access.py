from django.db.models import DateField, IntegerField, Model, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import Guardianship, Patient, Relation
from audit.capture.reads import note
from hms.core.prepared import PreparedQuery
from hms.core.signals import access_denied

OWN = PreparedQuery(
    lambda parameter: (
        Guardianship.objects.in_force(parameter("today", DateField()))
        .filter(
            user__id=parameter("user", IntegerField()), user__is_active=True, relation=Relation.SELF.value
        )
        .select_related("patient__preferred_language")
        .order_by("patient__full_name", "pk")
    )
)


def visible_or_404(request, queryset: QuerySet, reference: str) -> Model:
    """The row of the query set with this reference; otherwise answers 404 and logs the attempt."""
    try:
        return queryset.get(reference=reference)
    except queryset.model.DoesNotExist:
        access_denied.send(queryset.model, request=request, key=reference, field="reference")
        raise Http404 from None


def own_patient(user) -> Patient | None:
    """The patient who the login is, whom it sees like all in its care; the read is noted."""
    found = [held.patient for held in OWN.objects(user=user.pk, today=timezone.localdate())]
    note(found)
    return found[0] if found else None


def carers_of(patient: Patient) -> set[int]:
    """The keys of all logins that act for the patient or have done so."""
    return set(Guardianship.objects.filter(patient=patient).values_list("user_id", flat=True))
