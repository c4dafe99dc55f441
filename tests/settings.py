"""Settings of the test run: the project's settings in a fixed environment, independent of .env.

The hospital is in a time zone with daylight saving time, so that the tests cover the days of 23 and 25
hours, which India does not have.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("DATABASE_URL", "sqlite:///db.sqlite3")  # a name; see tests/conftest.py
os.environ.setdefault("WEBHOOKS_ALLOW_INSIDE", "False")  # a test of a command sets it
os.environ.update(
    AUDIT_KEYS="",
    AUDIT_TRIGGERS="False",  # a test that commits is cleaned up after; see tests/audit/test_triggers.py
    DEBUG="False",
    EMAIL_VERIFICATION="mandatory",
    HTTPS="False",
    LOG_LEVEL="WARNING",
    ONLINE_GATEWAY="simulated",
    SECRET_KEY="of-the-tests-alone-" + "0123456789" * 4,
    TIME_ZONE="Europe/Berlin",
)

from hms.settings import *  # noqa: F403

# Argon2 is slow on purpose; only the tests of passwords use it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Files directly from static/, without collectstatic.
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# In memory, because the table of the real one is no model's and would outlive a test's rows.
CACHES = CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # noqa: F405
PUBLIC_CACHE_SECONDS = 0

# Files of patients, in a folder that goes with the process.
CLINICAL_FILES = CLINICAL_FILES | {"root": Path(tempfile.mkdtemp(prefix="hms-files-"))}  # noqa: F405
atexit.register(shutil.rmtree, CLINICAL_FILES["root"], ignore_errors=True)

# Tests move the clock between two requests of one login; those of idle logins set their own.
SESSION_IDLE_MINUTES = {"staff": 0, "patients": 0}
