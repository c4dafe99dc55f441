from dataclasses import asdict, dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CHANGED_ENTRY = "changed_entry", _("Entry %(entry)s was changed.")
    MOVED_ENTRY = "moved_entry", _("Entry %(entry)s holds the content of entry %(other)s.")
    FORGED_ENTRY = "forged_entry", _("Entry %(entry)s was changed or inserted; no seal covers it yet.")
    UNSEALED_ENTRY = "unsealed_entry", _("Entry %(entry)s was inserted later: no seal covers it.")
    MISSING_ENTRY = "missing_entry", _("Entry %(entry)s is missing; seal %(seal)s covers it.")
    OLD_KEY_ENTRY = "old_key_entry", _("Entry %(entry)s uses an older key than earlier seals.")
    MISSING_SUBJECT = (
        "missing_subject",
        _("Entry %(entry)s shows patient %(patient)s; the index no longer says so."),
    )
    EXTRA_SUBJECT = (
        "extra_subject",
        _("The index names patient %(patient)s for entry %(entry)s, which shows others."),
    )
    BROKEN_SEAL = "broken_seal", _("Seal %(seal)s was changed or inserted.")
    OLD_KEY_SEAL = "old_key_seal", _("Seal %(seal)s uses an older key than an earlier seal.")
    BROKEN_CHAIN = "broken_chain", _("Seal %(seal)s does not follow the previous seal.")
    BROKEN_ROOT = "broken_root", _("The entries under seal %(seal)s differ from those that were sealed.")
    FUTURE_SEAL = (
        "future_seal",
        _("Seal %(seal)s is dated into the future: a clock ran ahead, or this one is behind."),
    )
    MISSING_SEAL = "missing_seal", _("Seal %(seal)s is missing.")
    CUT_TAIL = "cut_tail", _("The end of the log is missing: a checkpoint names seal %(seal)s.")
    OTHER_CHECKPOINT = (
        "other_checkpoint",
        _("Seal %(seal)s differs from its checkpoint."),
    )
    BROKEN_ARCHIVE = "broken_archive", _("Archive %(archive)s was changed or inserted.")
    OTHER_FILE = "other_file", _("The file %(archive)s differs from the one that was written.")
    CHANGED_IN_FILE = "changed_in_file", _("Entry %(entry)s in the file %(archive)s was changed.")
    CHANGED_ROW = "changed_row", _("%(model)s %(object_pk)s was changed without a log entry: %(columns)s.")
    GAP_IN_ROW = (
        "gap_in_row",
        _("%(model)s %(object_pk)s was changed for a time without a log entry: %(columns)s."),
    )
    ADDED_ROW = "added_row", _("%(model)s %(object_pk)s was added without a log entry.")
    DELETED_ROW = "deleted_row", _("%(model)s %(object_pk)s was deleted without a log entry.")
    MISSING_DERIVED = (
        "missing_derived",
        _("%(model)s %(object_pk)s lacks what follows from it: %(columns)s."),
    )
    EXTRA_DERIVED = (
        "extra_derived",
        _("%(model)s %(object_pk)s has what does not follow from it: %(columns)s."),
    )


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written."""

    kind: Kind
    entry: int | None = None
    other: int | None = None
    seal: int | None = None
    patient: int | None = None
    archive: str = ""
    model: str = ""
    object_pk: str = ""
    # column: [as the log has it, as the table has it]; of derived rows: table: [each of the rows]
    changes: dict[str, list] = field(default_factory=dict)

    def __str__(self):
        return str(self.kind.label) % (vars(self) | {"columns": ", ".join(self.changes)})

    def as_dict(self) -> dict:
        known = {name: value for name, value in asdict(self).items() if value not in (None, "", {})}
        return known | {"kind": self.kind.value, "text": str(self)}
