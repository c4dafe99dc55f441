"""How to read a file: which of its columns is which of ours, how dates, names and ages are meant."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class DateForm(models.TextChoices):
    ISO = "%Y-%m-%d", _("YYYY-MM-DD, as 1984-03-27")
    DAY_SLASH = "%d/%m/%Y", _("DD/MM/YYYY, as 27/03/1984")
    MONTH_SLASH = "%m/%d/%Y", _("MM/DD/YYYY, as 03/27/1984")
    DAY_DOT = "%d.%m.%Y", _("DD.MM.YYYY, as 27.03.1984")
    DAY_HYPHEN = "%d-%m-%Y", _("DD-MM-YYYY, as 27-03-1984")
    MONTH_HYPHEN = "%m-%d-%Y", _("MM-DD-YYYY, as 03-27-1984")
    YEAR_SLASH = "%Y/%m/%d", _("YYYY/MM/DD, as 1984/03/27")
    DAY_NAMED = "%d-%b-%Y", _("DD-Mon-YYYY, as 27-Mar-1984")


class NameOrder(models.TextChoices):
    AS_WRITTEN = "as_written", _("As written")
    FAMILY_FIRST = "family_first", _("Family name first: “Rao, Asha” or “Rao Asha” becomes Asha Rao")


class LostPhones(models.TextChoices):
    REFUSE = "refuse", _("Do not import the row")
    LEAVE_OUT = "leave_out", _("Import the row without the number, and name it")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`targets` has our column for each column of the file, in order; an empty one is ignored."""

    targets: tuple[str, ...]
    date_form: str = DateForm.ISO.value
    name_order: str = NameOrder.AS_WRITTEN.value
    lost_phones: str = LostPhones.REFUSE.value
    ages_on: str = ""  # the day of the ages, in ISO form

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """`ValueError` for a text that was not written by `as_json`."""
        values = json.loads(text)
        try:
            reading = cls(**values | {"targets": tuple(values["targets"])})
            if reading.ages_on:
                date.fromisoformat(reading.ages_on)
        except (TypeError, KeyError) as error:
            raise ValueError(text) from error
        if not all(isinstance(value, str) for value in (*reading.targets, *list(values.values())[1:])):
            raise ValueError(text)
        return reading

    def places_of(self, target: str) -> list[int]:
        return [place for place, found in enumerate(self.targets) if found == target]
