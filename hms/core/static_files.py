from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Leaves out a second reader of the API's schema, which no page shows."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc"]
