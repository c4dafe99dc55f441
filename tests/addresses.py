"""Every URL of the project by name, with example arguments.

The project's own URLs are all except those of Django's admin and of libraries, so new apps are included.
"""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

REFERENCE = "ZZZZZZZZZZ"
LIBRARIES = ("allauth.",)
ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")


def routes(patterns=None, prefix="", namespace="", listed_by="hms.urls") -> Iterator[tuple[str, str, str]]:
    """Name and route of every URL, and the module that declares it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            module = getattr(pattern.urlconf_module, "__name__", listed_by)
            yield from routes(pattern.url_patterns, route, inner, module)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}:{pattern.name}", "/" + route, listed_by


def filled(route: str, reference: object = REFERENCE) -> str:
    return ARGUMENT.sub(lambda found: "1" if found[1] == "int" else str(reference), route)


ADMIN_ROUTES = [(name, route) for name, route, _module in routes() if name.startswith("admin:")]
# Logging in and out, passwords, second factors.
LIBRARY_ROUTES = [(name, route) for name, route, module in routes() if module.startswith(LIBRARIES)]
API_ROUTES = [(name, route) for name, route, _module in routes() if name.startswith("api:")]
OUR_ROUTES = [
    (name, route)
    for name, route, module in routes()
    if not name.startswith(("admin:", "api:")) and not module.startswith(LIBRARIES)
]
OURS = [(name, filled(route)) for name, route in OUR_ROUTES]
ADMIN = [row for row in ADMIN_ROUTES if "<" not in row[1]]
LOGINS = [row for row in LIBRARY_ROUTES if "<" not in row[1]]
