import re
from difflib import get_close_matches

from accounts.names import tidy
from accounts.querysets import PatientOwnedQuerySet
from audit.capture.querysets import AuditedQuerySet
from clinical.statuses import CurrentMedicineStatus

NOT_A_WORD = re.compile(r"[^\w.%]+")
UNIT_BESIDE_NUMBER = re.compile(r"(?<=\d)(?=(?:mg|mcg|g|ml|iu)\b)")
MOST_WORDS = 8


def search_key(text: str) -> str:
    """The words of the text, folded, each after a blank; "500mg" is two words."""
    words = UNIT_BESIDE_NUMBER.sub(" ", NOT_A_WORD.sub(" ", tidy(text).casefold())).split()
    return "".join(f" {word.strip('.')}" for word in words)


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

        If there is none, unknown words are taken for misspelt ones.
        """
        words = search_key(text).split()
        if not words:
            return []
        rows = list(self.matching(text))
        if not rows:
            words = self._as_spelt(words)
            rows = list(self.matching(" ".join(words)))
        return sorted(rows, key=lambda row: _rank(row, words))[:limit]

    def of_brand(self, name: str) -> "MedicineQuerySet":
        """Medicines that may have the brand; compare `brand_names` with it."""
        return self.filter(search_key__contains=search_key(name))

    def with_contents(self) -> "MedicineQuerySet":
        return self.prefetch_related("contents__ingredient")

    def _as_spelt(self, words: list[str]) -> list[str]:
        """The words, each unknown one replaced by the most similar one of the formulary."""
        known = {word for key in self.values_list("search_key", flat=True) for word in key.split()}
        return [
            word
            if not word.isalpha() or any(each.startswith(word) for each in known)
            else next(iter(get_close_matches(word, known, n=1, cutoff=0.75)), word)
            for word in words
        ]


def _rank(row, words: list[str]) -> tuple:
    name = search_key(row.name)
    starts = any(name.startswith(f" {word}") for word in words)
    contains = any(f" {word}" in name for word in words)
    return not starts, not contains, "+" in row.name, row.name, row.form, len(row.strength), row.strength


class CurrentMedicineQuerySet(PatientOwnedQuerySet):
    def active(self) -> "CurrentMedicineQuerySet":
        return self.filter(status=CurrentMedicineStatus.ACTIVE)

    def not_in_error(self) -> "CurrentMedicineQuerySet":
        return self.exclude(status=CurrentMedicineStatus.ENTERED_IN_ERROR)
