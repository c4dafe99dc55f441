"""The project's own apps and models: every installed app whose files are in the project."""

from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

ROOT = Path(settings.BASE_DIR)


def our_apps() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if is_ours(Path(app.path))]


def our_packages() -> list[str]:
    """The top-level packages: accounts, audit, hms, ..."""
    return sorted({app.name.partition(".")[0] for app in our_apps()})


def our_models(*, with_made: bool = False) -> list[type[Model]]:
    """The models that have a table, optionally with the automatic ones of their many-to-many fields."""
    models = [model for app in our_apps() for model in app.get_models(include_auto_created=with_made)]
    return [model for model in models if model._meta.managed]


def is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts
