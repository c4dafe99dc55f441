"""The hospital as it runs in production, with the floor's table beside it and no limit on one person."""

from hms.settings import *  # noqa: F403
from hms.settings import BOOKING, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
BOOKING = BOOKING | {"upcoming_per_patient": 1_000_000, "holds_per_login": 1_000_000}
SECURE_SSL_REDIRECT = False
