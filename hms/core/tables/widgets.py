"""Translate cells to values and back; what a cell does not say clearly is refused, never guessed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from import_export import widgets

from hms.core.folded import fold, same_name


class IsoDateWidget(widgets.DateWidget):
    """Only 1984-03-27: 03/04/1984 is read differently in different countries."""

    def __init__(self, **kwargs):
        super().__init__("%Y-%m-%d", **kwargs)

    def clean(self, value: Any, row=None, **kwargs):
        try:
            return super().clean(value, row, **kwargs)
        except ValueError as error:
            example = {"value": value, "form": "YYYY-MM-DD", "example": "1984-03-27"}
            text = _("“%(value)s” is not a date. Write dates as %(form)s, for example %(example)s.")
            raise ValueError(text % example) from error


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
    YES, NO = {"1", "true", "yes"}, {"0", "false", "no"}

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        word = str(value).strip().casefold()
        if word in self.YES | self.NO:
            return word in self.YES
        raise ValueError(_("“%(value)s” is neither 1 (yes) nor 0 (no).") % {"value": value})


class CodeWidget(widgets.ForeignKeyWidget):
    """A row by its code, in any case."""

    def clean(self, value: Any, row=None, **kwargs):
        rows = self.get_queryset(value, row, **kwargs)
        found = rows.filter(same_name(self.model, self.field, value)).first()
        if found is None:
            raise ValueError(_unknown(self.model, self.field, [value]))
        return found


class CodesWidget(widgets.ManyToManyWidget):
    """Rows by their codes, separated by commas."""

    def clean(self, value: Any, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        codes = {fold(code): code.strip() for code in str(value).split(self.separator) if code.strip()}
        known = {fold(code): pk for pk, code in self.model.objects.values_list("pk", self.field)}
        if unknown := sorted(codes[code] for code in codes.keys() - known.keys()):
            raise ValueError(_unknown(self.model, self.field, unknown))
        return self.model.objects.filter(pk__in=[known[code] for code in codes])


def _unknown(model, column: str, codes: list) -> str:
    kind = {"kind": model._meta.verbose_name, "codes": ", ".join(map(str, codes))}
    field = model._meta.get_field(column)
    if isinstance(field, models.SlugField) or column == "code":
        return _("There is no %(kind)s with the code %(codes)s.") % kind
    kind["column"] = field.verbose_name
    return _("There is no %(kind)s with the %(column)s %(codes)s.") % kind
