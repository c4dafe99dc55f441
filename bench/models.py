from django.db import models


class Tick(models.Model):
    """One row of the floor: what a single indexed SELECT and a single atomic INSERT cost."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name
