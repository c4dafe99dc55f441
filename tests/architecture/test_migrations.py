"""A migration does not depend on code that may change, so that it does the same in ten years.

It may only use what `makemigrations` writes: a reference to a default, a validator or a field class inside
an operation on models. Rows that the software needs are written after `migrate`; see `hms.core.migrated`.
"""

import ast
import inspect
from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

OURS = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
RUNS_CODE = {"RunPython", "RunSQL", "SeparateDatabaseAndState"}
MIGRATIONS = sorted(
    Path(inspect.getfile(type(migration)))
    for migration in MigrationLoader(None).disk_migrations.values()
    if type(migration).__module__.split(".")[0] in OURS
)


def faults(source: str) -> list[str]:
    """Lines in which the migration depends on code that may change."""
    tree = ast.parse(source)
    inside = {
        id(node) for call in operations(tree) if call.func.attr not in RUNS_CODE for node in ast.walk(call)
    }
    found = [
        f"{node.lineno}: from {node.module}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.level or is_ours(node.module) or is_registry(node))
    ]
    found += [
        f"{node.lineno}: {node.id}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in OURS & imported(tree) and id(node) not in inside
    ]
    return found


def operations(tree: ast.Module) -> list[ast.Call]:
    """The calls of `migrations.…` in the body of the class."""
    [migration] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [
        node
        for node in ast.walk(migration)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "migrations"
    ]


def imported(tree: ast.Module) -> set[str]:
    names = {alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return {(alias.asname or alias.name).split(".")[0] for alias in names}


def is_ours(module: str) -> bool:
    return module.split(".")[0] in OURS


def is_registry(node: ast.ImportFrom) -> bool:
    """Whether the import gives access to the current models."""
    return node.module == "django.apps" or "get_user_model" in {alias.name for alias in node.names}


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_migration_does_not_depend_on_our_code(path):
    assert faults(path.read_text()) == []


HEAD = "from django.db import migrations, models\n"
RUN = "class Migration(migrations.Migration):\n    operations = [migrations.RunPython({})]\n"
FIELD = "class Migration(migrations.Migration):\n    operations = [migrations.AddField(field={})]\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            f"import hms.core.references\n{HEAD}" + FIELD.format("models.F(hms.core.references.new)"),
            [],
        ),
        (
            f"import audit.keys\n{HEAD}" + FIELD.format("audit.keys.Key()"),
            [],
        ),
        (
            "from audit.adoption import adopt\n" + RUN.format("adopt"),
            ["1: from audit.adoption"],
        ),
        ("import audit.adoption\n" + RUN.format("audit.adoption.adopt"), ["3: audit"]),
        ("import audit.keys as audit\ndef run(*_): audit.key()\n" + RUN.format("run"), ["2: audit"]),
        ("from django.apps import apps\n" + RUN.format("apps"), ["1: from django.apps"]),
        ("from ..models import Patient\n" + RUN.format("Patient"), ["1: from models"]),
    ],
)
def test_the_guard_finds_dependencies_on_our_code(source, expected):
    assert faults(source) == expected
