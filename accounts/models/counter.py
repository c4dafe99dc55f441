from django.db import models


class Counter(models.Model):
    """The last number issued in one series; only advanced under a row lock."""

    series = models.CharField(max_length=40, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.series}: {self.last}"
