from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.models import Guardianship, Patient, Relation
from hms.core.signals import access_denied


def visible_or_404(request, queryset: QuerySet, reference: str) -> Model:
    """The row of the query set with this reference; otherwise answers 404 and logs the attempt."""
    try:
        return queryset.get(reference=reference)
    except queryset.model.DoesNotExist:
        access_denied.send(queryset.model, request=request, key=reference, field="reference")
        raise Http404 from None


def own_patients(user) -> QuerySet[Patient]:
    """The patient who the login is, as the login sees patients; at most one."""
    own = user.guardianships.in_force().filter(relation=Relation.SELF)
    return Patient.objects.visible_to(user).filter(pk__in=own.values("patient_id"))


def carers_of(patient: Patient) -> set[int]:
    """The keys of all logins that act for the patient or have done so."""
    return set(Guardianship.objects.filter(patient=patient).values_list("user_id", flat=True))
