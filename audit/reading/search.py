"""Finds entries by what an auditor types; everything except words in names uses an index."""

import re
from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from audit.capture.registry import Registration, registered_models, registration_of
from audit.models import AuditEvent, AuditSubject

REQUEST_ID = re.compile(r"[0-9a-f]{32}")
MOST_DIGITS = 18
# Searched for words if nothing else matches.
WORDS = ("actor_label", "reason", "object_repr")


def is_key(value: str) -> bool:
    """Whether the text is a number that fits a key column."""
    return value.isdecimal() and len(value) <= MOST_DIGITS


def condition_for(text: str) -> Q:
    """Reads the text as a request's id, a key, a patient number, a reference, or part of a name or reason."""
    text = text.strip()
    if REQUEST_ID.fullmatch(text):
        return Q(request_id=text)
    if text.isdecimal():
        patients = [int(text)] if is_key(text) else []
        return _in_any(*_about_patients(patients), _keys(object_pk=text))
    return _records_named(text) or _words(text)


def of_patient(patient_id: int) -> Q:
    """All entries about a patient: about their records, and lists that showed them."""
    return _in_any(*_about_patients([patient_id]))


def of_record(label: str, pk: object, *, patient_id: int | None = None) -> Q:
    """All entries about a row; of a patient, also the lists that showed them."""
    keys = [_keys(model=label, object_pk=str(pk))]
    return _in_any(*keys, _shown([patient_id])) if patient_id else Q(model=label, object_pk=str(pk))


def _records_named(text: str) -> Q:
    """Entries about rows with exactly this name, or about everything of a patient with it."""
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
    """Entries that match one of these queries, each using its own index.

    OR between conditions on two tables would scan the whole log, and so would MariaDB with a union directly
    within `IN`; a derived table is joined.
    """
    first, *others = keys
    union = first.union(*others, all=True) if others else first
    sql, params = union.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return Q(pk__in=RawSQL(f"SELECT * FROM ({sql}) AS found", params))  # noqa: S608, S611 - Django's own SQL


def patient_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The patients' MRNs by key, with one query; missing patients are left out."""
    ids = {pk for pk in ids if pk is not None}
    names: dict[int, str] = {}
    for model in registered_models():
        registration = registration_of(model)
        if ids and registration.patient == "pk":
            rows = model._base_manager.filter(pk__in=ids)
            names.update(rows.values_list("pk", registration.name_field.attname))
    return names


def patients_named(name: str) -> list[int]:
    """Keys of patients with exactly this MRN."""
    found: list[int] = []
    for model in registered_models():
        registration = registration_of(model)
        if name and registration.patient == "pk":
            rows = model._base_manager.filter(**{registration.name_field.attname: name})
            found += rows.values_list("pk", flat=True)
    return found
