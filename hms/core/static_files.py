from django.contrib.staticfiles.finders import AppDirectoriesFinder


class FilesOfApps(AppDirectoriesFinder):
    """Leaves out a second reader of the API's schema, which no page shows."""

    def list(self, ignore_patterns):
        return super().list([*(ignore_patterns or ()), "redoc"])
