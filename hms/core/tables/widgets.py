"""Translate cells to values and back; what a cell does not say clearly is refused, never guessed."""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from import_export import widgets
from phonenumber_field.phonenumber import to_python

from hms.core.folded import fold, same_name
from hms.core.tables.readings import DateForm

MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?$")
PHONE = re.compile(r"\+?[\d\s()./\-\u2010-\u2015]+")
NOT_KNOWN = {"unknown", "not known", "n/a", "na", "nil", "-"}
INDIA = {"india", "in", "ind", "bharat", "republic of india"}
COUNTRIES = dict.fromkeys(INDIA, "India") | {
    **dict.fromkeys(("ae", "are", "uae"), "United Arab Emirates"),
    **dict.fromkeys(("gb", "gbr", "uk"), "United Kingdom"),
    **dict.fromkeys(("us", "usa", "u.s.a."), "United States"),
    "bd": "Bangladesh",
    "bgd": "Bangladesh",
    "bt": "Bhutan",
    "btn": "Bhutan",
    "lk": "Sri Lanka",
    "lka": "Sri Lanka",
    "mv": "Maldives",
    "mdv": "Maldives",
    "np": "Nepal",
    "npl": "Nepal",
    "om": "Oman",
    "omn": "Oman",
    "pk": "Pakistan",
    "pak": "Pakistan",
    "sa": "Saudi Arabia",
    "qa": "Qatar",
    "qat": "Qatar",
    "sg": "Singapore",
    "sgp": "Singapore",
}
# Other words for values of choices, where they are among the choices of the column.
WORDS = {
    "f": "female",
    "woman": "female",
    "w": "female",
    "m": "male",
    "man": "male",
    "o": "other",
    "others": "other",
    "u": "unknown",
    "unknown": "unknown",
    "not known": "unknown",
}
RHESUS = re.compile(
    r"(a|b|ab|o|0)\s*(?:rh)?\s*\(?\s*(\+|-|pos|neg|positive|negative|\+\s*ve|-\s*ve|ve\+|ve-)\s*\)?"
)


class IsoDateWidget(widgets.DateWidget):
    """Dates in one form, by default 1984-03-27: 03/04/1984 is read differently in different countries."""

    form = DateForm.ISO

    def __init__(self, **kwargs):
        super().__init__(DateForm.ISO, **kwargs)

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        if isinstance(value, dt.date):
            return value
        text = MIDNIGHT.sub("", str(value).strip())
        try:
            found = dt.datetime.strptime(text, self.form).date()  # noqa: DTZ007 - a date only
        except ValueError as error:
            name, _comma, example = str(DateForm(self.form).label).partition(", as ")
            said = _("“%(value)s” is not a date. Write dates as %(form)s, for example %(example)s.")
            raise ValueError(said % {"value": value, "form": name, "example": example}) from error
        return found


class ClockWidget(widgets.TimeWidget):
    """09:30, or 09:30:00."""

    def __init__(self, **kwargs):
        super().__init__("%H:%M", **kwargs)
        self.formats = ("%H:%M", "%H:%M:%S")

    def clean(self, value: Any, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except ValueError as error:
            text = _("“%(value)s” is not a time. Write times as HH:MM, for example 09:30.")
            raise ValueError(text % {"value": value}) from error


class YesNoWidget(widgets.BooleanWidget):
    YES, NO = {"1", "true", "yes", "y"}, {"0", "false", "no", "n"}

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        word = str(value).strip().casefold()
        if word in self.YES | self.NO:
            return word in self.YES
        raise ValueError(_("“%(value)s” is neither 1 (yes) nor 0 (no).") % {"value": value})


class ChoiceWidget(widgets.CharWidget):
    """One of the choices: by its value or its words, in any case, or by a usual abbreviation."""

    def __init__(self, choices, **kwargs):
        super().__init__(**kwargs)
        self.values = {value: str(words) for value, words in choices}

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        text = " ".join(str(value).split()).casefold()
        found = {words.casefold(): known for known, words in self.values.items()}
        found |= {known.casefold(): known for known in self.values if known}
        for word in (text, WORDS.get(text), _blood_group(text)):
            if word is not None and word.casefold() in found:
                return found[word.casefold()]
        if "" in self.values and text in NOT_KNOWN:
            return ""
        said = _("“%(value)s” is not a valid choice. Accepted are: %(accepted)s.")
        accepted = ", ".join(known for known in self.values if known)
        raise ValueError(said % {"value": value, "accepted": accepted})


def _blood_group(text: str) -> str | None:
    """The letters and the sign of "A+ve", "O Rh negative" or "0+"."""
    found = RHESUS.fullmatch(re.sub("[\u2010-\u2015\u2212]", "-", text))
    if found is None:
        return None
    is_negative = "-" in found[2] or found[2].startswith("neg")
    return found[1].replace("0", "o") + ("-" if is_negative else "+")


class PhoneWidget(widgets.CharWidget):
    """A whole number: with a masked digit, a letter or a second number it is refused.

    The parser of telephone numbers would read "98xxxxxx10" as the digits on whose keys the letters stand.
    """

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        text = str(value).strip()
        number = to_python(text) if PHONE.fullmatch(text) else None
        if number and number.is_valid():
            return number
        said = _("“%(value)s” is not a valid phone number. Write all digits, as +91 98450 12345.")
        raise ValueError(said % {"value": value})


class CountryWidget(widgets.CharWidget):
    """A name as it is typed; of the codes, those of India, its neighbours and some others."""

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        text = " ".join(str(value).split())
        known = COUNTRIES.get(text.casefold())
        if known is None and len(text) <= 3:
            raise ValueError(_("“%(value)s” is not a country known here. Write its name.") % {"value": value})
        return known or text


class NumberWidget(widgets.DecimalWidget):
    """A number with a decimal point, without separators of thousands."""

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError(_("“%(value)s” is not a number. Write it as 1200 or 649.50.") % {"value": value})
        return number


class WholeNumberWidget(NumberWidget):
    def clean(self, value: Any, row=None, **kwargs):
        number = super().clean(value, row, **kwargs)
        if number != number.to_integral_value():
            raise ValueError(_("“%(value)s” is not a whole number.") % {"value": value})
        return int(number)


class CodeWidget(widgets.ForeignKeyWidget):
    """A row by its code or name, in any case."""

    def clean(self, value: Any, row=None, **kwargs):
        rows = self.get_queryset(value, row, **kwargs)
        for field in _naming(self.model, self.field):
            found = rows.filter(same_name(self.model, field, value))[:2]
            if len(found) == 1:
                return found[0]
        raise ValueError(_unknown(self.model, self.field, [value]))


class CodesWidget(widgets.ManyToManyWidget):
    """Rows by their codes or names, separated by commas or semicolons."""

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        codes = {fold(code): code.strip() for code in re.split("[,;]", str(value)) if code.strip()}
        every = list(self.model.objects.all())
        naming = reversed(_naming(self.model, self.field))
        known = {fold(getattr(each, field)): each.pk for field in naming for each in every}
        if unknown := sorted(codes[code] for code in codes.keys() - known.keys()):
            raise ValueError(_unknown(self.model, self.field, unknown))
        return self.model.objects.filter(pk__in=[known[code] for code in codes])


def _naming(model, column: str) -> list[str]:
    """The columns by which a file may mean a row: its code, and its name if it has one."""
    return [column, *(field.name for field in model._meta.fields if field.name == "name" != column)]


def _unknown(model, column: str, codes: list) -> str:
    kind = {"kind": model._meta.verbose_name, "codes": ", ".join(map(str, codes))}
    field = model._meta.get_field(column)
    if isinstance(field, models.SlugField) or column == "code":
        return _("There is no %(kind)s with the code %(codes)s.") % kind
    kind["column"] = field.verbose_name
    return _("There is no %(kind)s with the %(column)s %(codes)s.") % kind
