"""Files that wait between two pages, for the person who sent them, for a day."""

import re
from uuid import uuid4

from django.core.cache import cache

DAY_S = 86_400
NAME = re.compile(r"[0-9a-f]{32}")


class KeptFiles:
    """The files of one person for one list."""

    def __init__(self, user, label: str):
        self.prefix = f"import:{label}:{user.pk}:"

    def keep(self, data: bytes) -> str:
        name = uuid4().hex
        cache.set(self.prefix + name, data, DAY_S)
        return name

    def read(self, name: str) -> bytes | None:
        return cache.get(self.prefix + name) if NAME.fullmatch(name) else None

    def take(self, name: str) -> bytes | None:
        """The file, once, also for two requests at the same time."""
        data = self.read(name)
        return data if data is not None and cache.delete(self.prefix + name) else None

    def put_back(self, name: str, data: bytes) -> None:
        """Keep a file again that was taken and not used."""
        cache.set(self.prefix + name, data, DAY_S)
