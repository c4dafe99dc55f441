"""The log knows a patient by a number; people know another one."""

from collections.abc import Iterable

from audit.capture.registry import registered_models, registration_of


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
