"""Settings of the test run: ours, in an environment of their own, so that no .env has a say.

The clock of the hospital stands in a zone with daylight saving time, which India has not:
what is right there on the two odd days of the year is right everywhere.
"""

import os

os.environ.setdefault("DATABASE_URL", "sqlite:///db.sqlite3")  # a name; see tests/conftest.py
os.environ.update(
    AUDIT_KEYS="",
    AUDIT_TRIGGERS="False",  # a test that commits is cleaned up after; see tests/audit/test_triggers.py
    DEBUG="False",
    EMAIL_VERIFICATION="mandatory",
    HTTPS="False",
    LOG_LEVEL="WARNING",
    SECRET_KEY="of-the-tests-alone-" + "0123456789" * 4,
    TIME_ZONE="Europe/Berlin",
)

from hms.settings import *  # noqa: F403

# Argon2 is slow on purpose. What it protects is tested with it; the rest need not wait.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Files as they lie in static/, without collecting them first.
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# In memory, because the table of the real one is no model's and would outlive a test's rows.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
