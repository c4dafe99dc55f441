"""How large a table may be that comes in: checked before its rows are read, so that its cost is bounded."""

import csv
import zipfile
from collections.abc import Iterable
from io import BytesIO, StringIO

import openpyxl
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ImportForm

from hms.core.refusals import Refusal

MB = 1024 * 1024
MOST_UNPACKED = 20  # times the largest file: what a workbook may hold when it is unpacked


class TableTooLarge(Refusal):
    code = "table_too_large"

    def __init__(self):
        super().__init__(_("This file is too large. %(limits)s") % {"limits": limits_in_words()})


def largest() -> int:
    return settings.IMPORTS["megabytes"] * MB


def limits_in_words() -> str:
    return _("A file has at most %(rows)s rows and %(size)s; divide a larger one.") % {
        "rows": f"{settings.IMPORTS['rows']:,}",
        "size": filesizeformat(largest()),
    }


def require_few(rows: Iterable) -> None:
    """Refuses more rows than the setting, and stops reading there; the first one is the head."""
    for number, _row in enumerate(rows):
        if number > settings.IMPORTS["rows"]:
            raise TableTooLarge


class LimitedCSV(CSV):
    def create_dataset(self, in_stream, **kwargs):
        text = in_stream.decode(self.encoding or "utf-8") if isinstance(in_stream, bytes) else in_stream
        require_few(csv.reader(StringIO(text)))
        return super().create_dataset(text, **kwargs)


class LimitedXLSX(XLSX):
    def create_dataset(self, in_stream):
        with zipfile.ZipFile(BytesIO(in_stream)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_UNPACKED * largest():
            raise TableTooLarge
        require_few(openpyxl.load_workbook(BytesIO(in_stream), read_only=True).active.rows)
        return super().create_dataset(in_stream)


class LimitedImportForm(ImportForm):
    """Says the limits beside the field, and refuses a file that is too large before it is read."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["import_file"].help_text = limits_in_words()

    def clean_import_file(self) -> UploadedFile:
        file = self.cleaned_data["import_file"]
        if file.size > largest():
            raise TableTooLarge
        return file
