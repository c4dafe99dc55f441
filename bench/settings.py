"""The hospital as it runs in production, with the floor's table beside it and no limit on one person."""

from datetime import timedelta

from hms.settings import *  # noqa: F403
from hms.settings import API, BOOKING, INSTALLED_APPS, SIMPLE_JWT

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
LIMITS = ("upcoming_per_patient", "upcoming_per_login", "per_login_doctor_and_day", "holds_per_login")
BOOKING = BOOKING | dict.fromkeys(LIMITS, 1_000_000)
SECURE_SSL_REDIRECT = False
SESSION_IDLE_MINUTES = {"staff": 0, "patients": 0}  # its sessions were made, not begun by a login
LIMITS_OF_API = ("requests_a_minute_of_a_login", "requests_a_minute_of_an_address")
API = API | dict.fromkeys(LIMITS_OF_API, 1_000_000)
SIMPLE_JWT = SIMPLE_JWT | {"ACCESS_TOKEN_LIFETIME": timedelta(hours=12)}
