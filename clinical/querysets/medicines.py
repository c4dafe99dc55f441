import re
from difflib import get_close_matches

from accounts.names import tidy
from accounts.querysets import PatientOwnedQuerySet
from audit.capture.querysets import AuditedQuerySet
from clinical.statuses import CurrentMedicineStatus

NOT_A_WORD = re.compile(r"[^\w.%]+")
MOST_WORDS = 8


def search_key(text: str) -> str:
    """The words of the text, folded, each after a blank."""
    return "".join(f" {word}" for word in NOT_A_WORD.sub(" ", tidy(text).casefold()).split())


class MedicineQuerySet(AuditedQuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        """Set the search keys, as `save()` does."""
        objs = list(objs)
        for row in objs:
            row.set_key()
        return super().bulk_create(objs, *args, **kwargs)

    def active(self) -> "MedicineQuerySet":
        return self.filter(is_active=True)

    def matching(self, text: str) -> "MedicineQuerySet":
        """Medicines whose name, strength or brands have a word that begins with each word of the text."""
        found = self
        for word in search_key(text).split()[:MOST_WORDS]:
            found = found.filter(search_key__contains=f" {word}")
        return found

    def found(self, text: str, limit: int = 12) -> list:
        """The best matches first: the name itself before its combinations and its brands.

        If there is none, the first word is taken for a misspelt name or brand.
        """
        key = search_key(text)
        if not key:
            return []
        rows = list(self.matching(text)) or list(self._misspelt(key))
        return sorted(rows, key=lambda row: _rank(row, key))[:limit]

    def of_brand(self, name: str) -> "MedicineQuerySet":
        """Medicines that may have the brand; compare `brand_names` with it."""
        return self.filter(search_key__contains=search_key(name))

    def with_contents(self) -> "MedicineQuerySet":
        return self.prefetch_related("contents__ingredient")

    def _misspelt(self, key: str) -> "MedicineQuerySet":
        first, *rest = key.split()
        words = {word for known in self.values_list("search_key", flat=True) for word in known.split()}
        meant = get_close_matches(first, [word for word in words if word[0] == first[0]], n=1, cutoff=0.8)
        return self.matching(" ".join([*meant, *rest])) if meant else self.none()


def _rank(row, key: str) -> tuple:
    word = key.split()[0]
    name = search_key(row.name)
    starts, contains = name.startswith(f" {word}"), f" {word}" in name
    return not starts, not contains, "+" in row.name, row.name, row.form, len(row.strength), row.strength


class CurrentMedicineQuerySet(PatientOwnedQuerySet):
    def active(self) -> "CurrentMedicineQuerySet":
        return self.filter(status=CurrentMedicineStatus.ACTIVE)

    def not_in_error(self) -> "CurrentMedicineQuerySet":
        return self.exclude(status=CurrentMedicineStatus.ENTERED_IN_ERROR)
