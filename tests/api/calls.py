"""Calls of the API as a program makes them: JSON, and a token instead of a session."""

from django.test import Client
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from accounts.services.token_sessions import begin_token_session

BASE = "/api/v1/"


class Caller:
    """Somebody who calls the API; without a user, nobody in particular."""

    def __init__(self, user: User | None = None, **extra):
        self.client = Client(**extra)
        self.headers = {"Authorization": f"Bearer {token_of(user)}"} if user else {}

    def __call__(self, method: str, path: str, data=None, **headers):
        path = path if path.startswith("/") else BASE + path
        body = {} if data is None else {"data": data, "content_type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(path, headers=self.headers | named, **body)

    def get(self, path: str, **headers):
        return self("get", path, **headers)

    def post(self, path: str, data=None, **headers):
        return self("post", path, {} if data is None else data, **headers)

    def patch(self, path: str, data=None, **headers):
        return self("patch", path, data, **headers)

    def put(self, path: str, data=None, **headers):
        return self("put", path, data, **headers)

    def delete(self, path: str, **headers):
        return self("delete", path, **headers)


def token_of(user: User) -> str:
    session = begin_token_session(address="192.0.2.1", user_agent="tests", by=user)
    refresh = RefreshToken()
    refresh["user_id"], refresh["sid"], refresh["jti"] = str(user.pk), session.sid, session.refresh_id
    return str(refresh.access_token)


def told(answer) -> tuple[int, str]:
    """Status and code of a refusal."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, answer.json()["code"]
