"""Dates of which only the year, or the year and the month, may be known."""

import re
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

SHAPE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class Precision(models.TextChoices):
    YEAR = "year", _("Year")
    MONTH = "month", _("Month")
    DAY = "day", _("Day")


FORMATS = {Precision.YEAR: "Y", Precision.MONTH: "F Y", Precision.DAY: "j M Y"}


@dataclass(frozen=True)
class PartialDate:
    """A year, a month or a day; `first` is its first day."""

    first: date
    precision: str

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read "2019", "2019-05" or "2019-05-20" (ISO 8601); `ValueError` for anything else."""
        found = SHAPE.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        parts = [int(part) for part in found.groups() if part]
        return cls(date(*parts, *[1] * (3 - len(parts))), list(Precision)[len(parts) - 1])

    def is_after(self, day: date) -> bool:
        return self.first > day

    def is_before(self, day: date) -> bool:
        """Whether even its last day is before `day`."""
        return self.first < self.around(day)

    def around(self, day: date) -> date:
        """The first day of the year or month of `day`; the day itself for a whole date."""
        month = 1 if self.precision == Precision.YEAR else day.month
        return day if self.precision == Precision.DAY else day.replace(month=month, day=1)

    def __str__(self):
        return date_format(self.first, FORMATS[self.precision])
