"""Every address that the project answers, by name, with example arguments filled in."""

from django.urls import URLPattern, URLResolver, get_resolver

REFERENCE = "ZZZZZZZZZZ"


def addresses(patterns=None, prefix="", namespace="") -> list[tuple[str, str]]:
    """Every named address of ours with example arguments filled in."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            found += addresses(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            found.append((f"{namespace}:{pattern.name}", "/" + filled(route)))
    return found


def filled(route: str, reference: str = REFERENCE) -> str:
    for argument in ("<str:reference>", "<slug:slug>", "<path:object_id>"):
        route = route.replace(argument, reference)
    return route


OURS = [row for row in addresses() if row[0].split(":")[0] in ("site", "accounts", "scheduling", "billing")]
ADMIN = [
    row for row in addresses() if row[0].startswith("admin:") and "<" not in row[1] and "(?P" not in row[1]
]
