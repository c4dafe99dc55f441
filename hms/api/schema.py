"""What the description says of every operation, and of tokens."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
}
SCHEMAS = {
    "Problem": {
        "type": "object",
        "description": "An error in the form of RFC 9457. Programs decide by `code`; people read `detail`.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "errors": {
                "type": "object",
                "description": "What is wrong with which field.",
                "additionalProperties": {"type": "array", "items": ERROR},
            },
        },
        "additionalProperties": True,
    }
}
WORDS = {
    "400": "The request is not valid; `errors` says where.",
    "401": "No token, or one that is not valid any more.",
    "403": "The login may not do this.",
    "404": "There is no such thing, or not for this login.",
    "405": "No such method here.",
    "409": "In conflict with the state of things; `code` says why.",
    "413": "The body is too large.",
    "415": "The body is not JSON, or for a photograph not multipart.",
    "422": "The idempotency key was used for another request.",
    "429": "Too many requests; `Retry-After` says when to go on.",
    "503": "The database is away; `Retry-After` says when to go on.",
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same key and body get the answer to the first request; it is carried out once.",
}
WITH_BODY = {"post", "put", "patch"}
# The largest and smallest numbers of the columns of a database, which are not the same in each.
WIDTHS = {sign * (2**bits - 1 + (sign < 0)) for bits in (15, 16, 31, 32, 63, 64) for sign in (1, -1)}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class OfKnownFields(OpenApiSerializerExtension):
    target_class = "hms.core.api.serializers.KnownFields"
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        drawn = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return drawn | {"additionalProperties": False}


def add_what_every_operation_has(result: dict, generator, request, public) -> dict:  # noqa: ARG001
    result["components"]["schemas"] |= SCHEMAS
    for path, item in result["paths"].items():
        for method, operation in item.items():
            operation["tags"] = [path.removeprefix("/api/v1/").partition("/")[0]]
            operation["responses"] |= {
                status: {"content": PROBLEM, "description": WORDS[status]}
                for status in sorted(statuses_of(path, method, operation))
            }
            if method == "post":
                operation.setdefault("parameters", []).append(KEY)
    without_widths(result)
    return result


def without_widths(part: object) -> None:
    """Take out bounds of numbers that only say how wide the column is."""
    if isinstance(part, dict):
        for name in [name for name in ("maximum", "minimum") if part.get(name) in WIDTHS]:
            del part[name]
            part.pop("format", None)
        part = part.values()
    if not isinstance(part, str):
        for one in part if hasattr(part, "__iter__") else ():
            without_widths(one)


def statuses_of(path: str, method: str, operation: dict) -> set[str]:
    found = {"401", "429", "503"}
    if operation.get("parameters") or method in WITH_BODY:
        found.add("400")
    if "{" in path or path.endswith(("/bookings/", "/users/me/")) or has_pages(operation):
        found.add("404")
    if {} not in operation.get("security", [{}]) or method != "get":
        found.add("403")
    if method != "get":
        found.add("409")
    if method in WITH_BODY:
        found |= {"413", "415"}
    return found | ({"422"} if method == "post" else set())


def has_pages(operation: dict) -> bool:
    return any(parameter["name"] == "page" for parameter in operation.get("parameters", ()))
