"""A date field with three text boxes, which needs no date picker."""

import calendar
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year, each a text box with its own label."""

    template_name = "date_parts.html"
    labels = (_("Day"), _("Month"), _("Year"))

    def __init__(self, autocomplete: str = "", attrs=None):
        super().__init__(
            {
                part: forms.TextInput(
                    {
                        "inputmode": "text" if part == "month" else "numeric",
                        "class": "w-4" if part == "year" else "w-2",
                        "autocomplete": f"{autocomplete}-{part}" if autocomplete else "off",
                    }
                )
                for part in ("day", "month", "year")
            },
            attrs,
        )

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for box, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            box["label"] = label
        return context


class DatePartsField(forms.MultiValueField):
    """A date from three boxes; the month may be a number or a name."""

    default_error_messages = {
        "required": _("Enter the date of birth."),
        "part": _("The date of birth must include a %(parts)s."),
        "year": _("Enter the year with four digits, for example 1984."),
        "not_a_date": _("%(given)s is not a real date."),
    }

    def __init__(self, *, autocomplete: str = "", **kwargs):
        kwargs.setdefault("widget", DatePartsWidget(autocomplete))
        boxes = [forms.CharField(required=False, max_length=20) for _part in range(3)]
        super().__init__(boxes, require_all_fields=False, **kwargs)

    def compress(self, values) -> date | None:
        if not any(values):
            return None
        missing = [str(name) for name, given in zip(DatePartsWidget.labels, values, strict=True) if not given]
        if missing:
            parts = get_text_list([name.lower() for name in missing], _("and"))
            raise ValidationError(self.error_messages["part"], "part", {"parts": parts})
        day, month, year = values
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValidationError(self.error_messages["year"], "year")
        try:
            return date(int(year), month_number(month), int(day))
        except ValueError:
            given = " ".join(values)
            raise ValidationError(self.error_messages["not_a_date"], "not_a_date", {"given": given}) from None


def month_number(text: str) -> int:
    """1 to 12 from a number or an English name; raises ValueError for anything else."""
    return MONTHS.get(text.casefold().rstrip(".")) or int(text)
