"""Files that wait between two pages, for the person who sent them, for a day."""

import re
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from django.core.cache import cache

DAY_S = 86_400
NAME = re.compile(r"[0-9a-f]{32}")

Refused = list[tuple[int, list[str]]]  # rows by their number, and why


class Upload(NamedTuple):
    """A file as it was sent, its name there, and how it is read as JSON, once that is known."""

    data: bytes
    title: str
    reading: str = ""


class KeptFiles:
    """The files of one person for one list."""

    def __init__(self, user, label: str):
        self.prefix = f"import:{label}:{user.pk}:"

    def keep(self, upload: Upload, name: str = "") -> str:
        """Keep the upload, under a new name or instead of what has this name."""
        name = name or uuid4().hex
        cache.set(self.prefix + name, tuple(upload), DAY_S)
        return name

    def keep_left(self, data: bytes) -> str:
        """Keep rows that were left out; the same rows have the same name, so a page may do it again."""
        name = sha256(data).hexdigest()[:32]
        cache.set(self.prefix + name, data, DAY_S)
        return name

    def left(self, name: str) -> bytes | None:
        found = self._read(name)
        return found if isinstance(found, bytes) else None

    def upload(self, name: str) -> Upload | None:
        found = self._read(name)
        return Upload(*found) if isinstance(found, tuple) else None

    def keep_refused(self, rows: Refused) -> str:
        name = uuid4().hex
        cache.set(self.prefix + name, list(rows), DAY_S)
        return name

    def refused(self, name: str) -> Refused | None:
        found = self._read(name)
        return found if isinstance(found, list) else None

    def take(self, name: str) -> Upload | None:
        """The upload, once, also for two requests at the same time."""
        found = self.upload(name)
        return found if found is not None and cache.delete(self.prefix + name) else None

    def _read(self, name: str):
        return cache.get(self.prefix + name) if NAME.fullmatch(name) else None
