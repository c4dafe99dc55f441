"""What the cookies that the site sets beside the session have in common."""

from django.conf import settings


def cookie_name(name: str, prefix: str = "__Host-") -> str:
    """With the prefix by which a browser guards it, where there is TLS."""
    return f"{prefix}{name}" if settings.HTTPS else name


def guarded() -> dict:
    """For no script, for no other site and, where the session is, for TLS alone."""
    return {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
