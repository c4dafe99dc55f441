from django.db import models


class Counter(models.Model):
    """The last number given out in one series; advanced under a row lock only."""

    series = models.CharField(max_length=40, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.series}: {self.last}"
