"""The hospital as it runs in production, with the floor's table beside it and no limit on one person."""

from hms.settings import *  # noqa: F403
from hms.settings import BOOKING, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
LIMITS = ("upcoming_per_patient", "upcoming_per_login", "per_login_doctor_and_day", "holds_per_login")
BOOKING = BOOKING | dict.fromkeys(LIMITS, 1_000_000)
SECURE_SSL_REDIRECT = False
SESSION_IDLE_MINUTES = {"staff": 0, "patients": 0}  # its sessions were made, not begun by a login
