"""Every model is logged or a known exception, and rows that refer to a patient protect it."""

import pytest
from django.apps import apps
from django.db.models import PROTECT, Field, Model

from accounts.models import Patient
from audit.capture.registry import registered_models, registration_of
from tests.ours import our_models

# model: why its rows are not logged
NOT_LOGGED = {
    "accounts.Counter": "counts; each number that it gave is in a logged row",
    "api.KeptAnswer": "answers to repeated requests, encrypted; what the requests did is logged",
    "audit.Anomaly": "written by `audit.anomalies`, which logs every decision",
    "audit.AuditArchive": "part of the log: under a keyed hash, append-only",
    "audit.AuditEvent": "the log itself",
    "audit.AuditHold": "written by `audit.evidence.retention`, which logs it",
    "audit.AuditSeal": "part of the log: under a keyed hash, append-only",
    "audit.AuditSubject": "an index of the log, compared with it by `verify_audit`",
    "billing.NumberSeries": "counts; each number that it gave is in a logged row",
    "billing.SimulatedDelivery": "the practice bank's messages; their effect on a payment is logged",
    "clinical.DiagnosisTerm": "reference data; each load and each change is an entry of its source",
    "clinical.Interaction": "reference data; each load is an entry of its source",
    "core.Turn": "counts turns in a cluster of databases; says nothing about anybody",
    "jobs.JobRun": "when a background job ran; what it changed is logged",
    "reports.ChangedDay": "a mark that a day has changed; the change is logged",
    "reports.KeptMonth": "sums of logged rows, computed again when they change",
    "notifications.VisitEvent": "what people are told of a visit; the visit and the messages are logged",
    "webhooks.Delivery": "what was sent where, a log itself; the events are logged with their rows",
    "scheduling.PutAway": "what a login has taken off its own list; the cancellation is logged",
    "scheduling.SlotClaim": "the cells of an appointment, derived from its logged times",
    "scheduling.PatientClaim": "the cells of an appointment, derived from its logged times",
}
# field: why its rows may be deleted with the row they refer to
NOT_PROTECTED = {
    "scheduling.SlotClaim.appointment": "a claim is a part of its appointment",
    "scheduling.PatientClaim.appointment": "a claim is a part of its appointment",
}


def test_every_model_of_ours_is_logged():
    unlogged = {model._meta.label for model in our_models(with_made=True) if not is_logged(model)}

    assert unlogged == set(NOT_LOGGED)


def test_every_entry_about_a_row_of_a_patient_names_the_patient():
    nameless = {
        model._meta.label
        for model in of_patients()
        if model in set(registered_models()) and registration_of(model).patient is None
    }

    assert nameless == set()


@pytest.mark.parametrize("model", registered_models(), ids=lambda model: model._meta.label)
def test_the_path_to_the_patient_ends_at_a_patient(model):
    path = registration_of(model).patient

    assert path is None or points_at_patient(model, path)


def test_foreign_keys_to_patients_and_their_rows_are_protected():
    unprotected = {
        f"{field.model._meta.label}.{field.name}"
        for model in of_patients()
        for field in model._meta.concrete_fields
        if is_link(field) and field.remote_field.on_delete is not PROTECT
    }

    assert unprotected == set(NOT_PROTECTED)


def is_logged(model: type[Model]) -> bool:
    """Whether the model is registered; a many-to-many table is logged with the model that has the field."""
    owner = model._meta.auto_created or model
    registration = registration_of(owner)
    if registration is None:
        return False
    fields = {field.remote_field.through: field.name for field in owner._meta.many_to_many}
    return fields.get(model) not in registration.exclude


def of_patients() -> set[type[Model]]:
    """`Patient` and every model that refers to it by foreign keys, directly or indirectly."""
    found = {Patient}
    while True:
        more = {
            model
            for model in apps.get_models(include_auto_created=True)
            if any(field.related_model in found for field in links(model))
        }
        if more <= found:
            return found
        found |= more


def is_link(field: Field) -> bool:
    return bool(field.many_to_one or field.one_to_one) and field.related_model in of_patients()


def links(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one]


def points_at_patient(model: type[Model], path: str) -> bool:
    """Whether following the lookup leads to `Patient`'s key."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    if last == "pk":
        return model is Patient
    return model._meta.get_field(last).related_model is Patient
