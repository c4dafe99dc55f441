"""The hospital of the tests as gunicorn serves it, with a worker that can be told when to die."""

from tests.settings import *  # noqa: F403
from tests.settings import MIDDLEWARE

MIDDLEWARE = [
    "tests.api.dying.DiesBeforeItAnswers",
    *MIDDLEWARE,
    "tests.api.dying.DiesBeforeTheAnswerIsKept",
]
