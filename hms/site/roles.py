"""What each role may do: one table, granted by a migration and by nothing else.

A permission here opens a screen. Which rows are on it is the business of `visible_to(user)`, and
what may be done to a row that of the services. Changing this table takes a new migration that runs
`grant_roles` again.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS

from accounts.roles import Role


def may(actions: str, *models: str) -> set[str]:
    """`may("view change", "accounts.patient")`: the codenames of Django's permissions."""
    labels = (model.split(".") for model in models)
    return {f"{app}.{action}_{model}" for app, model in labels for action in actions.split()}


DIRECTORY = may(
    "view",
    "accounts.language",
    "scheduling.branch",
    "scheduling.department",
    "scheduling.doctor",
    "scheduling.nurse",
    "scheduling.scheduleexception",
    "scheduling.weeklyschedule",
)
BILLS = may(
    "view",
    "billing.invoice",
    "billing.payment",
    "billing.receipt",
    "billing.refund",
)
CLINICAL = ("clinical.allergy",)
TARIFF = ("billing.billingprofile", "billing.taxclass", "billing.taxpolicy", "billing.taxrule")
ROLES: dict[Role, set[str]] = {
    # Patients need none: what they reach, they reach as carers.
    Role.PATIENT: set(),
    Role.RECEPTIONIST: DIRECTORY
    | may("view add change", "accounts.patient", "accounts.guardianship", "scheduling.appointment")
    | may("view", "accounts.user")
    | {
        "accounts.view_every_patient",
        "scheduling.view_every_appointment",
        "scheduling.book_for_others",
        "scheduling.overbook",
        "scheduling.check_in",
        "billing.take_payment",
    }
    | BILLS,
    Role.DOCTOR: DIRECTORY
    | may("view", "accounts.patient", "scheduling.appointment")
    | may("view add change", *CLINICAL)
    | {"scheduling.run_consultation"},
    Role.NURSE: DIRECTORY
    | may("view", "accounts.patient", "scheduling.appointment")
    | may("view add change", *CLINICAL)
    | {"scheduling.check_in"},
    Role.LAB_TECHNICIAN: DIRECTORY,
    Role.BILLING_CLERK: DIRECTORY
    | may("view", "accounts.patient", "scheduling.appointment")
    | BILLS
    | may("view", "billing.gatewayevent", *TARIFF)
    | {
        "accounts.view_every_patient",
        "scheduling.view_every_appointment",
        "billing.take_payment",
        "billing.refund_payment",
    },
    Role.AUDITOR: DIRECTORY
    | may("view", "audit.anomaly", "audit.auditevent", "notifications.notification")
    | {"audit.review_anomaly"},
    Role.ADMINISTRATOR: DIRECTORY
    | may(
        "view add change",
        "accounts.guardianship",
        "accounts.patient",
        "accounts.user",
        "scheduling.appointment",
    )
    | may(
        "add change delete",
        "accounts.language",
        "scheduling.branch",
        "scheduling.department",
        "scheduling.doctor",
        "scheduling.nurse",
        "scheduling.scheduleexception",
        "scheduling.weeklyschedule",
    )
    | BILLS
    | may("view add change", *TARIFF)
    | may("view", "auth.group", "audit.anomaly", "audit.auditevent")
    | may("view", "billing.gatewayevent", "notifications.notification")
    | may("import export", "accounts.patient", "accounts.user")
    | {
        "accounts.assign_roles",
        "accounts.view_every_patient",
        "scheduling.view_every_appointment",
        "scheduling.book_for_others",
        "scheduling.overbook",
        "scheduling.check_in",
        "billing.take_payment",
        "billing.refund_payment",
    },
}


def grant_roles(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make a group of each role with exactly the permissions of the table; can be run again.

    Refuses a table that names a permission which no model declares.
    """
    permissions = every_permission(using)
    unknown = set().union(*ROLES.values()) - permissions.keys()
    if unknown:
        raise ImproperlyConfigured(f"ROLES grants what does not exist: {sorted(unknown)}")
    for role, granted in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set(permissions[name] for name in granted)


def every_permission(using: str) -> dict[str, Permission]:
    """By "app.codename"; those of models whose tables are still to be made are made here."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, interactive=False, using=using)
    found = Permission.objects.using(using).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in found}
