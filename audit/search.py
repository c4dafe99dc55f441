"""What an auditor types into the search box; every reading of it but a name uses an index."""

import re

from django.db.models import Q

from audit.registry import Registration, registered_models, registration_of

REQUEST_ID = re.compile(r"[0-9a-f]{32}")


def condition_for(text: str) -> Q:
    """A request's id, a record's or patient's number, a record's reference, or part of a person's name."""
    text = text.strip()
    if REQUEST_ID.fullmatch(text):
        return Q(request_id=text)
    if text.isdecimal():
        return Q(patient_id=int(text)) | Q(object_pk=text)
    return _records_named(text) or Q(actor_label__icontains=text)


def _records_named(text: str) -> Q:
    """Entries about the rows that bear exactly this name, and all that belongs to such a patient."""
    condition = Q()
    for model in registered_models():
        registration = registration_of(model)
        name = registration.name_field
        if name.unique and not name.primary_key:
            rows = model._base_manager.filter(**{name.attname: text}).values_list("pk", flat=True)
            for pk in rows:
                condition |= _about(registration, pk)
    return condition


def _about(registration: Registration, pk) -> Q:
    if registration.patient == "pk":
        return Q(patient_id=pk)
    return Q(model=registration.label, object_pk=str(pk))
