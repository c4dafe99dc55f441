"""System checks: registered models have what logging needs, and operators set up keys and triggers."""

from django.conf import settings
from django.core import checks
from django.db.models import SET_DEFAULT

from audit.capture.querysets import AuditedQuerySet
from audit.capture.registry import registered_models
from audit.evidence import triggers
from audit.signing.keys import SHORTEST, parse

NOT_OURS = {"auth"}


@checks.register
def registered_models_can_be_logged(**_options) -> list[checks.CheckMessage]:
    found = []
    for model in registered_models():
        if model._meta.app_label not in NOT_OURS:
            found += [*_managers(model), *_foreign_keys(model)]
    return found


def _managers(model) -> list[checks.CheckMessage]:
    """Related managers and cascades use the base manager, pages the default one."""
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
    """Django writes SET_DEFAULT past every query set; SET_NULL and CASCADE go through them."""
    return [
        checks.Error(
            f"{model._meta.label}.{field.name} would be changed by SET_DEFAULT without a log entry.",
            obj=field,
            id="audit.E002",
        )
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is SET_DEFAULT
    ]


@checks.register(checks.Tags.security, deploy=True)
def log_has_a_key_of_its_own(**_options) -> list[checks.CheckMessage]:
    keys = parse(tuple(settings.AUDIT_KEYS))
    hint = "Set AUDIT_KEYS; .env.example shows how to generate a key."
    if not keys:
        message = "The log is hashed with a key derived from SECRET_KEY."
        return [checks.Warning(message, hint=hint, id="audit.W001")]
    return [
        checks.Warning(
            f"Key {version} of the log is shorter than {SHORTEST} bytes.", hint=hint, id="audit.W002"
        )
        for version, key in keys.items()
        if len(key) < SHORTEST
    ]


@checks.register(checks.Tags.database)
def database_guards_the_log(databases=None, **_options) -> list[checks.CheckMessage]:
    """Before the first `migrate` there is nothing to guard."""
    if not settings.AUDIT_TRIGGERS:
        return []
    return [
        checks.Warning(
            f"The database {using} does not protect the log: a trigger is missing.",
            hint=(
                "Run migrate with an account that may create triggers (MySQL/MariaDB: GRANT TRIGGER; if the "
                "binary log is on, log_bin_trust_function_creators), and this check under the same account: "
                "one without TRIGGER does not see them. Or set AUDIT_TRIGGERS=False."
            ),
            id="audit.W003",
        )
        for using in databases or ()
        if triggers.tables_are_there(using) and triggers.missing(using)
    ]
