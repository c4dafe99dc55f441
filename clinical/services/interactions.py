"""Loading lists of interactions, and what the check of a prescription takes from them."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from audit.capture.context import audit_context
from clinical.exceptions import NoInteractions
from clinical.interactions.lists import InteractionList
from clinical.models import Ingredient, Interaction, InteractionSource, Medicine
from clinical.prescribing import facts
from clinical.prescribing.facts import Drug, InteractionData
from clinical.statuses import InteractionLevel
from hms.core.locks import lock_first
from hms.core.rights import require
from hms.core.transactions import retried_atomic

ROWS_AT_ONCE = 500


@retried_atomic
def load_interactions(*, name: str, edition: str, found: InteractionList, by) -> bool:
    """Replace what is loaded of the source; whether that changes anything. One entry in the log.

    Refuses an empty list.
    """
    require(by, "clinical.import_medicine")
    if not found.interactions:
        raise NoInteractions
    source = lock_first(InteractionSource.objects.filter(name=name))
    if source and (source.edition, source.digest) == (edition, found.digest):
        return False
    source = source or InteractionSource(name=name)
    source.edition, source.digest, source.loaded_at = edition, found.digest, timezone.now()
    source.covers = sorted(found.covers)
    with audit_context(reason=f"Loaded {len(found.interactions)} interactions"):
        source.save()
    source.interactions.all().delete()
    rows = (
        Interaction(source=source, one=each.one, other=each.other, level=each.level, text=each.text)
        for each in found.interactions
    )
    Interaction.objects.bulk_create(rows, ROWS_AT_ONCE)
    return True


@retried_atomic
def remove_interactions(*, name: str, by) -> bool:
    """Remove a source with its interactions; whether there was one."""
    require(by, "clinical.import_medicine")
    source = lock_first(InteractionSource.objects.filter(name=name))
    if source is None:
        return False
    source.interactions.all().delete()
    source.delete()
    return True


def names_of_formulary() -> set[str]:
    """Ingredients and classes, as interactions name them."""
    listed = Medicine.objects.order_by().values_list("classes", flat=True).distinct()
    classes = {name.strip() for text in listed for name in text.split(";")} - {""}
    return classes | set(Ingredient.objects.values_list("name", flat=True))


def data_about(drugs: Iterable[Drug]) -> tuple[InteractionData, ...]:
    """Each loaded source with what it says about these medicines among themselves."""
    sources = list(InteractionSource.objects.all())
    if not sources:
        return ()
    names = frozenset().union(*(drug.ingredients | drug.classes for drug in drugs))
    rows = defaultdict(list)
    for row in Interaction.objects.filter(one__in=names, other__in=names):
        level = InteractionLevel(row.level)
        rows[row.source_id].append(facts.Interaction(row.one, row.other, level, row.text))
    return tuple(
        InteractionData(str(source), frozenset(source.covers), tuple(rows[source.pk])) for source in sources
    )
