"""A column that a migration adds with a value to rows that are logged is taken into the log by it.

Otherwise every row of the table passes for one that was changed by SQL, once the hospital has migrated.
"""

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel

from audit.capture.registry import registered_models, registration_of

pytestmark = pytest.mark.feature("U04")
# Of versions that are published. To adopt them now would also hide what was changed by SQL since.
PUBLISHED = {
    "accounts.guardianship.consent_statement in 0002_names_and_consent",
    "accounts.guardianship.reference in 0002_names_and_consent",
    "accounts.patient.is_confidential in 0003_confidential_patients",
    "billing.gatewayevent.seen_note in 0008_two_people",
    "clinical.allergy.confidentiality in 0002_records",
    "clinical.labresult.computed_from in 0004_laboratory_files_and_formulas",
    "scheduling.doctor.email_is_public in 0009_people",
    "scheduling.doctor.phone_is_public in 0009_people",
}


def test_every_new_column_of_a_logged_model_is_adopted():
    columns = {
        (model._meta.label_lower, field.name)
        for model in registered_models()
        for field in registration_of(model).all_fields
    }

    migrations = MigrationLoader(None).disk_migrations
    forgotten = {
        f"{label}.{column} in {name}"
        for (app, name), migration in migrations.items()
        for label, column in added(app, migration)
        if (label, column) in columns
        if not any(adopts(later, label, column) for later in migrations.values())
    }

    assert forgotten == PUBLISHED


def added(app: str, migration) -> set[tuple[str, str]]:
    """Columns that cannot be NULL, of tables that were there before."""
    operations = migration.operations
    new = {operation.name_lower for operation in operations if isinstance(operation, CreateModel)}
    return {
        (f"{app}.{operation.model_name_lower}", operation.name)
        for operation in operations
        if isinstance(operation, AddField) and not operation.field.null
        if not operation.field.many_to_many and operation.model_name_lower not in new
    }


def adopts(migration, label: str, column: str) -> bool:
    return any(
        name.lower() == label and (not columns or column in columns[0])
        for name, _reason, *columns in getattr(migration, "adopts", ())
    )
