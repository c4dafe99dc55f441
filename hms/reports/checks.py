from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def require_hour() -> None:
    """Refuse to start with an hour that no day has, at which no figures would ever be written."""
    hour = settings.REPORTS["hour"]
    if not 0 <= hour < 24:
        raise ImproperlyConfigured(f"REPORTS_HOUR is {hour}; it must be from 0 to 23.")
