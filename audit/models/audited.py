from django.apps import apps
from django.db import models

from audit.capture.querysets import AuditedQuerySet
from audit.capture.registry import register
from hms.core.folded import keys_in


class Audited(models.Model):
    """A logged model: every create, change and delete is an entry.

    Name it first among the bases, or set `Meta.base_manager_name`: Django inherits the base manager
        of the first base only. A manager of its own is called `objects` and uses an `AuditedQuerySet`.
    """

    to_patient: str | None = None  # lookup path to the patient's key: "patient_id", "invoice__patient_id"
    log_name: str | None = None  # the column by which people know the row; see `registry.NAMES`
    log_exclude: tuple[str, ...] = ()
    log_masked: tuple[str, ...] = ()
    log_access: tuple[str, ...] = ()  # fields that decide what somebody may see or do
    log_reads = False  # whether seeing a row is logged even without a patient, because it is a person's
    log_private: tuple[str, ...] = ()  # values that only people who may read the row see, not all auditors

    objects = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def is_private_in_log(cls, field: models.Field) -> bool:
        return field.name in cls.log_private


def register_audited_models() -> None:
    for model in apps.get_models():
        if issubclass(model, Audited) and not model._meta.proxy:
            register(
                model,
                patient=model.to_patient,
                name=model.log_name,
                exclude=("idempotency_key", *model.log_exclude, *(key.name for key in keys_in(model))),
                masked=model.log_masked,
                access=model.log_access,
                is_personal=model.log_reads,
            )
