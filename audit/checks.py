"""A model is registered with one line; these checks say what else it lacks."""

from django.core import checks
from django.db.models import SET_DEFAULT

from audit.querysets import AuditedQuerySet
from audit.registry import registered_models

NOT_OURS = {"auth"}


@checks.register
def registered_models_can_be_logged(**_options) -> list[checks.CheckMessage]:
    found = []
    for model in registered_models():
        if model._meta.app_label not in NOT_OURS:
            found += [*_managers(model), *_foreign_keys(model)]
    return found


def _managers(model) -> list[checks.CheckMessage]:
    """Related managers and cascades use the base manager, screens the default one."""
    managers = {"default": model._default_manager, "base": model._base_manager}
    return [
        checks.Error(
            f"The {kind} manager of {model._meta.label} does not log what it writes.",
            hint="Derive its query set from AuditedQuerySet; set Meta.base_manager_name.",
            obj=model,
            id="audit.E001",
        )
        for kind, manager in managers.items()
        if not isinstance(manager.get_queryset(), AuditedQuerySet)
    ]


def _foreign_keys(model) -> list[checks.CheckMessage]:
    """Django writes SET_DEFAULT round every query set; SET_NULL and CASCADE go through them."""
    return [
        checks.Error(
            f"{model._meta.label}.{field.name} would be changed by SET_DEFAULT without a log entry.",
            obj=field,
            id="audit.E002",
        )
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is SET_DEFAULT
    ]
