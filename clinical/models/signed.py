from django.db import models
from django.db.models.signals import pre_delete

from clinical.exceptions import SignedIsFinal
from clinical.querysets.signed import SignedQuerySet


class Signed(models.Model):
    """A row that is final once its status is one of `signed_statuses`, or a part of such a row.

    Name it after the base that leads to the patient; a manager of its own uses a `SignedQuerySet`.
    """

    signed_statuses: frozenset[str] = frozenset()
    # Lookup from the row to the status, through one foreign key in a part: "prescription__status".
    signed_path = "status"
    # Columns that later steps fill in, for example the reason of a withdrawal.
    changes_after_signing: tuple[str, ...] = ()

    objects = SignedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        # Cascades call no method of the rows that they delete.
        pre_delete.connect(refuse_to_delete_signed, sender=cls, weak=False)

    def delete(self, *args, **kwargs):
        refuse_to_delete_signed(type(self), self)
        return super().delete(*args, **kwargs)

    @property
    def is_signed(self) -> bool:
        row = self
        for step in self.signed_path.split("__"):
            row = getattr(row, step)
        return row in self.signed_statuses


def refuse_to_delete_signed(sender: type[Signed], instance: Signed, **_kwargs) -> None:
    """Refuse to delete a row that is signed in the database, whatever the instance says."""
    signed = {f"{sender.signed_path}__in": list(sender.signed_statuses)}
    if sender._base_manager.filter(pk=instance.pk, **signed).exists():
        raise SignedIsFinal
