"""How administrators change disciplines and complaints."""

from django.core.exceptions import ValidationError

from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic
from scheduling.exceptions import SaysNothing
from scheduling.finding.words import says_something, words_of
from scheduling.models import Complaint, Discipline
from scheduling.services.shipped import LISTS


@retried_atomic
def save_discipline(*, discipline: Discipline, by) -> Discipline:
    require_to_save(by, discipline)
    _require_words(discipline)
    discipline.full_clean()
    discipline.save()
    return discipline


@retried_atomic
def save_complaint(*, complaint: Complaint, by) -> Complaint:
    require_to_save(by, complaint)
    _require_words(complaint)
    complaint.full_clean()
    complaint.save()
    return complaint


def _require_words(row: Complaint | Discipline) -> None:
    """Refuse phrases of which nothing is left to find, like “not very”."""
    lines = [(name, line) for name in LISTS for line in getattr(row, name, "").splitlines() if line.strip()]
    for name, line in lines:
        if not says_something(words_of(line)):
            raise ValidationError({name: SaysNothing(phrase=line.strip())})
