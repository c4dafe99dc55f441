"""The search for a diagnosis, by an index that each process builds once and after each change."""

from collections.abc import Sequence

from accounts.names import name_key
from clinical.models import DiagnosisSource, DiagnosisTerm
from clinical.querysets.diagnosis_terms import BUILT_IN
from clinical.terms.index import Counts, Index

MOST_FOUND = 20

# The index, and the revisions of the sources that it was built from.
_kept: tuple[tuple[str, ...], Index] = ((), Index())


def search_diagnoses(
    text: str, *, favourites: Sequence[Counts] = (), limit: int = MOST_FOUND
) -> list[DiagnosisTerm]:
    """The diagnoses that fit the text best, with their sources; without text the favourites.

    Two queries, and a third one after a change. `favourites` count diagnoses by code: the doctor's before
    the department's, as `favourites_of` gives them.
    """
    keys = _index().find(text, favourites=favourites, limit=limit)
    found = DiagnosisTerm.objects.select_related("source").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _index() -> Index:
    global _kept
    revisions = tuple(DiagnosisSource.objects.order_by("pk").values_list("revision", flat=True))
    if _kept[0] != revisions:
        _kept = (revisions, _built())
    return _kept[1]


def _built() -> Index:
    rows = (
        DiagnosisTerm.objects.offered()
        .built_in_first()
        .values_list("pk", "code", "search_key", "source__name")
    )
    own, keys = 0, []
    for pk, code, key, source in rows.iterator(chunk_size=2000):
        keys.append((pk, code, key))
        own += source == BUILT_IN
    return Index(keys, own=own)


def diagnosis_called(text: str) -> DiagnosisTerm | None:
    """The diagnosis whose title, code or one of whose other names is exactly this, in any case."""
    wanted = name_key(text)
    for term in search_diagnoses(text):
        names = (term.title, term.code, f"{term.title} ({term.code})", *term.synonyms.split(";"))
        if wanted in map(name_key, names):
            return term
    return None
