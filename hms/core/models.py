from django.db import models


class Turn(models.Model):
    """Counts the transactions that decided something about the rows with this number; see `hms.core.locks`.

    Written only in a cluster of databases. Each number stands for many rows, so that there are never more.
    """

    id = models.PositiveIntegerField(primary_key=True)
    taken = models.PositiveBigIntegerField()

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.id)
