"""How large a table may be that comes in: checked before its rows are used, so that its cost is bounded."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms import Media
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from import_export.forms import ImportForm

from hms.core.refusals import Refusal

MB = 1024 * 1024


class TableTooLarge(Refusal):
    code = "table_too_large"

    def __init__(self):
        super().__init__(_("This file is too large. %(limits)s") % {"limits": limits_in_words()})


def largest() -> int:
    return settings.IMPORTS["megabytes"] * MB


def most_rows() -> int:
    return settings.IMPORTS["rows"]


def limits_in_words() -> str:
    return _("A file has at most %(rows)s rows and %(size)s; divide a larger one.") % {
        "rows": f"{most_rows():,}",
        "size": filesizeformat(largest()),
    }


class LimitedImportForm(ImportForm):
    """Says the limits beside the field, and refuses a file that is too large before it is read.

    Whether a file is CSV or a workbook is seen in the file.
    """

    media = Media()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["format"]
        file = self.fields["import_file"]
        file.label = _("File (CSV or XLSX)")
        file.help_text = limits_in_words()
        file.widget.attrs = {"accept": ".csv,.txt,.tsv,.xlsx"}

    def clean_import_file(self) -> UploadedFile:
        file = self.cleaned_data["import_file"]
        if file.size > largest():
            raise TableTooLarge
        return file
