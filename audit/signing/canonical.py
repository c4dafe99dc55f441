"""The one form of an entry over which its hash is taken, on writing and after reading alike.

JSON with sorted keys, in ASCII, without what is empty: a column that comes later does not change the
hashes of the rows before it. Numbers, text and JSON are as both databases give them back; moments are
in UTC with microseconds.
"""

import datetime as dt
import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from typing import Any

from django.utils.ipv6 import clean_ipv6_address

from audit.signing.keys import digest

COLUMNS = (
    *("id", "action", "outcome", "actor_id", "actor_label", "actor_roles", "on_behalf_of", "source"),
    *("origin", "address", "request_id", "model", "object_pk", "object_repr", "patient_id"),
    *("changes", "details", "reason", "key_version"),
)
# What to read of a row in order to check it.
READ = (*COLUMNS, "recorded_at", "mac")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def canonical(row: Mapping[str, Any]) -> bytes:
    """The content of an entry, given as its columns by name."""
    content = {name: row[name] for name in COLUMNS if row[name]}
    content["recorded_at"] = moment(row["recorded_at"])
    if ":" in (row["address"] or ""):
        content["address"] = clean_ipv6_address(row["address"])
    return _encode(content).encode()


def mac_of(row: Mapping[str, Any], key: bytes) -> str:
    return digest(key, canonical(row))


def encoded(value: Any) -> str:
    """Any plain value as text, always the same for the same value."""
    return _encode(value)


def moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


def pack(keys: list[int]) -> bytes:
    """The distances between ascending keys, compressed."""
    steps = [after - before for before, after in pairwise([0, *keys])]
    return zlib.compress(struct.pack(f"<{len(steps)}Q", *steps))


def unpack(packed: bytes) -> list[int]:
    """Refuses what `pack` did not write with a ValueError."""
    try:
        content = zlib.decompress(bytes(packed))
        return list(accumulate(struct.unpack(f"<{len(content) // 8}Q", content)))
    except (zlib.error, struct.error) as error:
        raise ValueError("These are no packed keys.") from error


class Root:
    """The hash over entries in the order of their keys; each one is its key and its keyed hash."""

    def __init__(self):
        self._sum = hashlib.sha256()

    def add(self, key: int, mac: str) -> None:
        self._sum.update(f"{key}:{mac}\n".encode())

    def hex(self) -> str:
        return self._sum.hexdigest()


def root_of(entries: Iterable[tuple[int, str]]) -> str:
    root = Root()
    for key, mac in entries:
        root.add(key, mac)
    return root.hex()
