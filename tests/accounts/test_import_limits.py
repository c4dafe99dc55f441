"""Files that come in are bounded, which the page says before; a larger one is refused before it is read."""

import io
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import Patient
from hms.core.tables.limits import MB
from hms.core.tables.sheets import MOST_UNPACKED
from tests.accounts.test_tables import CSV, NEW, PATIENTS, XLSX, table_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]
TOLD = "A file has at most 3 rows and 1.0\xa0MB; divide a larger one."


@pytest.fixture(autouse=True)
def small(settings):
    settings.IMPORTS = {"rows": 3, "megabytes": 1}


def workbook(rows: int) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    for cells in [NEW.keys(), *[NEW.values()] * rows]:
        book.active.append(list(cells))
    book.save(out)
    return SimpleUploadedFile("people.xlsx", out.getvalue())


def upload(client, file, kind: str):
    return client.post(f"{PATIENTS}import/", {"import_file": file, "format": kind}, follow=True)


def refusals(page) -> list[str]:
    return page.context["form"].errors.get("import_file", [])


def test_the_page_says_the_limits_before(client):
    assert TOLD in client.get(f"{PATIENTS}import/").text


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_as_many_rows_as_are_allowed_come_in_and_one_more_is_refused(client, kind):
    def table(number: int) -> SimpleUploadedFile:
        return workbook(number) if kind == XLSX else table_of(*[NEW] * number)

    few, many = (upload(client, table(number), kind) for number in (3, 4))

    assert (refusals(few), len(few.context["result"].rows)) == ([], 3)
    assert refusals(many) == [f"This file is too large. {TOLD}"]
    assert many.context.get("confirm_form") is None
    assert Patient.objects.count() == 0


def test_a_file_with_too_many_bytes_is_refused(client):
    file = SimpleUploadedFile("people.csv", b"full_name\n" + b"A" * MB)

    assert refusals(upload(client, file, CSV)) == [f"This file is too large. {TOLD}"]


def test_a_small_workbook_that_unpacks_to_a_huge_one_is_refused_at_once(client):
    out = io.BytesIO(workbook(1).read())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/huge.xml", b" " * (MOST_UNPACKED * MB + 1))
    began = time.process_time()

    page = upload(client, SimpleUploadedFile("people.xlsx", out.getvalue()), XLSX)

    assert len(out.getvalue()) < MB
    assert refusals(page) == [f"This file is too large. {TOLD}"]
    assert time.process_time() - began < 2
