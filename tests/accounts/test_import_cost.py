"""The preview of a full file is quick, also where all rows are alike, and neither writes nor locks."""

import csv
import io
import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.admin.resources import PatientResource
from hms.core.tables.columns_form import own_reading
from hms.core.tables.sheets import read_sheet
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("A06")]
ROWS = 1000
READS = ("SELECT", "(SELECT")
SECONDS = 5  # of processor time


def different(place: int) -> list:
    name = f"Asha{chr(97 + place % 26)}{chr(97 + place // 26 % 26)} Rao{chr(97 + place // 7 % 26)}"
    return [name, date(1950, 1, 2) + timedelta(days=place * 23), "female", f"98450{place:05}"]


def alike(place: int) -> list:
    return ["Asha Rao", date(1984, 1, 2) + timedelta(days=place % 40), "female", ""]


@pytest.mark.parametrize(("row", "repeated"), [(different, 2), (alike, ROWS)])
def test_the_preview_of_a_full_file(row, repeated):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["mrn", "full_name", "date_of_birth", "gender", "phone"])
    writer.writerows(["", *row(place)] for place in range(ROWS))
    sheet = read_sheet(out.getvalue().encode())
    for place in (0, 1):
        name, born, gender, phone = row(place)
        PatientFactory(full_name=name, date_of_birth=born, gender=gender, phone=phone and f"+91{phone}")
    administrator = staff("administrator")
    began = time.process_time()

    with CaptureQueriesContext(connection) as queries:
        reading = own_reading(PatientResource(by=administrator), sheet)
        result = PatientResource(by=administrator, reading=reading).checked(sheet)

    assert time.process_time() - began < SECONDS
    assert [query["sql"] for query in queries if not query["sql"].startswith(READS)] == []
    assert len(queries) < 60
    assert (len(result.rows), result.invalid_rows) == (ROWS, [])
    assert sum(bool(row.alike) for row in result.rows) == repeated
    assert max(len(row.alike) for row in result.rows) <= 20
