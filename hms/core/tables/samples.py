"""A file to begin with: the columns of a table, and one row that an import would take."""

import csv
from datetime import date
from io import StringIO

from import_export.widgets import ForeignKeyWidget, ManyToManyWidget

from hms.core.tables.cells import cell_of
from hms.core.tables.widgets import ChoiceWidget, IsoDateWidget, NumberWidget, PhoneWidget, YesNoWidget

VALUES = {
    IsoDateWidget: date(1984, 3, 27).isoformat(),
    PhoneWidget: "+919845012345",
    YesNoWidget: "1",
    NumberWidget: "100",
}


def sample_file(resource) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([field.column_name for field in resource.columns])
    writer.writerow([cell_of(_example(resource, field)) for field in resource.columns])
    return out.getvalue().encode("utf-8-sig")


def _example(resource, field) -> str:
    widget = field.widget
    if field.column_name in resource.examples:
        return resource.examples[field.column_name]
    if isinstance(widget, ForeignKeyWidget | ManyToManyWidget):
        first = widget.model.objects.order_by("pk").first()
        return str(getattr(first, widget.field)) if first else ""
    if isinstance(widget, ChoiceWidget):
        return next((value for value in widget.values if value), "")
    return next((text for kind, text in VALUES.items() if isinstance(widget, kind)), "")
