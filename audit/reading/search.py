"""What an auditor types into the search box; every reading of it but a name uses an index."""

import re
from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from audit.capture.registry import Registration, registered_models, registration_of
from audit.models import AuditEvent, AuditSubject

REQUEST_ID = re.compile(r"[0-9a-f]{32}")
MOST_DIGITS = 18
# What is read word for word where nothing else fits.
WORDS = ("actor_label", "reason", "object_repr")


def is_key(value: str) -> bool:
    """Whether the text is a number that a column of keys can hold."""
    return value.isdecimal() and len(value) <= MOST_DIGITS


def condition_for(text: str) -> Q:
    """A request's id, a record's or patient's number, a record's reference, or part of a name or reason."""
    text = text.strip()
    if REQUEST_ID.fullmatch(text):
        return Q(request_id=text)
    if text.isdecimal():
        patients = [int(text)] if is_key(text) else []
        return _in_any(*_about_patients(patients), _keys(object_pk=text))
    return _records_named(text) or _words(text)


def of_patient(patient_id: int) -> Q:
    """All entries in which this patient is: about their records, and lists on which they were shown."""
    return _in_any(*_about_patients([patient_id]))


def of_record(label: str, pk: object, *, patient_id: int | None = None) -> Q:
    """All entries about a row; where the row is a patient, also the lists that showed them."""
    keys = [_keys(model=label, object_pk=str(pk))]
    return _in_any(*keys, _shown([patient_id])) if patient_id else Q(model=label, object_pk=str(pk))


def _records_named(text: str) -> Q:
    """Entries about the rows that bear exactly this name, and all that belongs to such a patient."""
    patients, keys = [], []
    for model in registered_models():
        registration = registration_of(model)
        name = registration.name_field
        if name.unique and not name.primary_key:
            rows = list(model._base_manager.filter(**{name.attname: text}).values_list("pk", flat=True))
            if registration.patient == "pk":
                patients += rows
            else:
                keys += [_about(registration, pk) for pk in rows]
    return _in_any(*_about_patients(patients), *keys) if patients or keys else Q()


def _about(registration: Registration, pk) -> QuerySet:
    return _keys(model=registration.label, object_pk=str(pk))


def _about_patients(patients: list[int]) -> list[QuerySet]:
    return [_keys(patient_id__in=patients), _shown(patients)] if patients else []


def _words(text: str) -> Q:
    condition = Q()
    for column in WORDS:
        condition |= Q(**{f"{column}__icontains": text})
    return condition


def _keys(**condition) -> QuerySet:
    return AuditEvent.objects.filter(**condition).order_by().values_list("pk")


def _shown(patients: list[int]) -> QuerySet:
    return AuditSubject.objects.filter(patient_id__in=patients).order_by().values_list("event_id")


def _in_any(*keys: QuerySet) -> Q:
    """Entries that one of these names, each found by its own index.

    Two conditions on two tables with OR between them would read the whole log. So would MariaDB with a
    union right within `IN`; a table that it has to make first it can join.
    """
    first, *others = keys
    union = first.union(*others, all=True) if others else first
    sql, params = union.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return Q(pk__in=RawSQL(f"SELECT * FROM ({sql}) AS found", params))  # noqa: S608, S611 - Django's own SQL


def patient_names(ids: Iterable[int | None]) -> dict[int, str]:
    """What the patients are called (their MRN), with one query; those who are gone are left out."""
    ids = {pk for pk in ids if pk is not None}
    names: dict[int, str] = {}
    for model in registered_models():
        registration = registration_of(model)
        if ids and registration.patient == "pk":
            rows = model._base_manager.filter(pk__in=ids)
            names.update(rows.values_list("pk", registration.name_field.attname))
    return names


def patients_named(name: str) -> list[int]:
    """The patient who bears exactly this number (MRN)."""
    found: list[int] = []
    for model in registered_models():
        registration = registration_of(model)
        if name and registration.patient == "pk":
            rows = model._base_manager.filter(**{registration.name_field.attname: name})
            found += rows.values_list("pk", flat=True)
    return found
