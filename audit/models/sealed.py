import datetime as dt
import hashlib
import hmac

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.append_only import AppendOnly
from audit.signing import keys
from audit.signing.canonical import encoded, moment, pack, root_of, unpack


class Sealed(AppendOnly):
    """A set of entries under one keyed hash.

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
        """Cover these entries, given as ascending keys with their hashes, and sign."""
        numbers = [key for key, _mac in entries]
        self.first_id, self.last_id, self.count = numbers[0], numbers[-1], len(numbers)
        self.keys, self.root = pack(numbers), root_of(entries)
        self.key_version, key = keys.writing_key(keys.OF_SEALS)
        self.mac = keys.digest(key, self._content())

    def covered(self) -> list[int]:
        """The keys of the entries; empty if they were tampered with."""
        try:
            return unpack(self.keys)
        except ValueError:
            return []

    def is_genuine(self) -> bool:
        """Whether the row is unchanged since somebody with the key wrote it."""
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


class AuditSeal(Sealed):
    """A sealed part of the log: its entries, one hash over theirs, and the previous seal's hash.

    `total` counts the entries under this seal and all previous ones. `mac` is `previous` of the next seal, so
    it covers the whole log up to here; it is part of the checkpoint that is kept outside the database.
    """

    sealed_at = models.DateTimeField(_("sealed at"))
    total = models.PositiveBigIntegerField(_("entries in all"))
    previous = models.CharField(_("seal before"), max_length=64, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["number"]
        default_permissions = ("view",)
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        indexes = [models.Index(fields=["last_id"], name="audit_seal_by_last_entry")]

    def __str__(self):
        return _("Seal %(number)s") % {"number": self.number}


class AuditArchive(Sealed):
    """An exported file of sealed entries; only archived entries may be purged.

    `actions` lists the actions in it, each between commas, so that a trigger can search the text.
    """

    category = models.CharField(_("category"), max_length=20)
    actions = models.CharField(_("actions"), max_length=400)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    exported_at = models.DateTimeField(_("exported at"))
    exported_by = models.CharField(_("exported by"), max_length=200)

    class Meta:
        base_manager_name = "objects"
        ordering = ["number"]
        default_permissions = ("view",)
        verbose_name = _("archive of the log")
        verbose_name_plural = _("archives of the log")
        indexes = [models.Index(fields=["first_id", "last_id"], name="audit_archive_by_entries")]

    def __str__(self):
        return self.file_name
