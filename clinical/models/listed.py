from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.names import tidy
from clinical.models.record import ClinicalRecord
from clinical.querysets import ListedQuerySet
from clinical.statuses.listed import NEED_REASON

KEY_LENGTH = 240


class ListedRecord(ClinicalRecord):
    """An entry of a list that is kept for each patient; the same thing is current once.

    A subclass has a `status` with steps, and begins its constraints with `current_once`.
    """

    current_statuses: Collection[str] = ()  # in which the entry matters to treatment
    void_statuses = NEED_REASON

    status_reason = models.CharField(_("reason for the status"), max_length=200, blank=True)
    # What the entry is about while it is current, otherwise NULL, for a unique index without condition.
    current_key = models.CharField(max_length=KEY_LENGTH, null=True, editable=False)

    objects = ListedQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        abstract = True
        ordering = ["-recorded_at", "-pk"]

    def chart_text(self) -> str:
        return str(self.get_status_display())

    @property
    def is_current(self) -> bool:
        return self.status in self.current_statuses

    def what(self) -> str:
        """The words that are the same in two entries about the same thing."""
        raise NotImplementedError

    def key_for(self, status: str) -> str | None:
        return tidy(self.what()).casefold()[:KEY_LENGTH] if status in self.current_statuses else None


def current_once(noun: str, current: Collection[str]) -> list[models.BaseConstraint]:
    """An entry has a key exactly while it is current, and a patient has one entry with that key."""
    current = sorted(current)
    return [
        models.UniqueConstraint(
            fields=["patient", "current_key"], name=f"clinical_{noun}_is_current_once_per_patient"
        ),
        models.CheckConstraint(
            condition=Q(status__in=current, current_key__isnull=False)
            | (~Q(status__in=current) & Q(current_key__isnull=True)),
            name=f"clinical_only_a_current_{noun}_has_a_key",
        ),
    ]
