"""The canonical form of an entry, which its hash covers; of sets of entries, their packed keys and root.

JSON with sorted keys, in ASCII, without empty values, so a new column does not change old hashes. Numbers,
text and JSON are as both databases return them; times are in UTC with microseconds.
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
# Columns to read in order to verify an entry.
READ = (*COLUMNS, "recorded_at", "mac")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def canonical(row: Mapping[str, Any]) -> bytes:
    """The form of an entry, given as columns by name."""
    content = {name: row[name] for name in COLUMNS if row[name]}
    content["recorded_at"] = moment(row["recorded_at"])
    if ":" in (row["address"] or ""):
        content["address"] = clean_ipv6_address(row["address"])
    return _encode(content).encode()


def mac_of(row: Mapping[str, Any], key: bytes) -> str:
    return digest(key, canonical(row))


def encoded(value: Any) -> str:
    """A plain value as text; equal values give equal text."""
    return _encode(value)


def moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


def pack(keys: list[int]) -> bytes:
    """Ascending keys as compressed differences."""
    steps = [after - before for before, after in pairwise([0, *keys])]
    return zlib.compress(struct.pack(f"<{len(steps)}Q", *steps))


def unpack(packed: bytes) -> list[int]:
    """Raises ValueError for anything that `pack` did not write."""
    try:
        content = zlib.decompress(bytes(packed))
        return list(accumulate(struct.unpack(f"<{len(content) // 8}Q", content)))
    except (zlib.error, struct.error) as error:
        raise ValueError("Not packed keys.") from error


class Root:
    """One hash over the keys and hashes of entries, in order of keys."""

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
