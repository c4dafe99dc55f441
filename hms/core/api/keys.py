from hashlib import sha256


def key_of(request) -> str | None:
    """The key by which a service recognises a repeated request, also if the first was never answered."""
    key = request.headers.get("Idempotency-Key")
    return sha256(f"api {request.user.pk} {key}".encode()).hexdigest() if key else None
