"""The floor's server: the database and nothing else of the hospital."""

from hms.settings import *  # noqa: F403

INSTALLED_APPS = ["bench"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "bench.floor"
AUTH_USER_MODEL = "auth.User"
