"""The rows of a report as CSV and XLSX, with the numbers of the page."""

from import_export.formats.base_formats import CSV, XLSX
from tablib import Dataset

from hms.core.tables.cells import cell_of
from hms.core.tables.exports import without_values
from hms.reports.services import Answer
from hms.reports.words import for_file

FORMATS = {"csv": CSV, "xlsx": XLSX}


def written(answer: Answer, suffix: str) -> tuple[bytes, str]:
    """The file and its content type."""
    columns = answer.question.columns
    table = Dataset(headers=[str(column.label) for column in columns])
    for row in answer.rows:
        table.append([cell_of(for_file(row[column.name], column.kind)) for column in columns])
    form = FORMATS[suffix]()
    with without_values():
        data = form.export_data(table)
    return data if isinstance(data, bytes) else data.encode("utf-8-sig"), form.get_content_type()
