"""Sorted keys as a few bytes each, and entries as one hash."""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from itertools import accumulate, pairwise


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
