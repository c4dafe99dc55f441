import datetime as dt
import hashlib
import hmac

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.evidence import keys
from audit.evidence.append_only import AppendOnly
from audit.evidence.canonical import encoded, moment
from audit.evidence.packing import pack, root_of, unpack


class Sealed(AppendOnly):
    """Entries of the log that one keyed hash stands for.

    `keys` are the ascending keys of the entries, packed; `root` is the hash over them and their hashes.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    first_id = models.BigIntegerField(_("first entry"))
    last_id = models.BigIntegerField(_("last entry"))
    count = models.PositiveIntegerField(_("entries"))
    keys = models.BinaryField(_("keys"))
    root = models.CharField(_("hash of the entries"), max_length=64)
    key_version = models.PositiveSmallIntegerField(_("version of the key"))
    mac = models.CharField(_("keyed hash"), max_length=64)

    class Meta:
        abstract = True

    def cover(self, entries: list[tuple[int, str]]) -> None:
        """Take in these entries, given as ascending keys with their hashes, and sign."""
        numbers = [key for key, _mac in entries]
        self.first_id, self.last_id, self.count = numbers[0], numbers[-1], len(numbers)
        self.keys, self.root = pack(numbers), root_of(entries)
        self.key_version, key = keys.writing_key(keys.OF_SEALS)
        self.mac = keys.digest(key, self._content())

    def covered(self) -> list[int]:
        """The keys of the entries; none when they were tampered with."""
        try:
            return unpack(self.keys)
        except ValueError:
            return []

    def is_genuine(self) -> bool:
        """Whether it stands here as it was written by one who had the key."""
        key = keys.key_of(self.key_version, keys.OF_SEALS)
        return key is not None and hmac.compare_digest(keys.digest(key, self._content()), self.mac)

    def _content(self) -> bytes:
        names = [field.attname for field in self._meta.concrete_fields if field.attname != "mac"]
        content = {name: _plain(getattr(self, name)) for name in names}
        return encoded({"table": self._meta.label_lower, **content}).encode()


def _plain(value):
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return value
