"""Rows that cannot be imported are given back with reasons; files that are no tables are refused in words."""

import csv
import io

import pytest

from accounts.models import Patient
from tests.accounts.foreign import CLINIC, PATIENTS, confirm, guesses, map_columns, upload
from tests.factories import DepartmentFactory, SpecializationFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]


def test_bad_rows_are_downloaded_with_reasons_corrected_and_imported(client):
    chosen = {"UHID": "-", "Ref. by": "-", "ages_on": "2026-11-27"}
    ready = map_columns(client, upload(client, CLINIC), **chosen)
    address = f"{PATIENTS}import/left/{ready.context['left']}/"

    done = client.get(confirm(client, ready).url)
    left = client.get(address).content.decode("utf-8-sig")

    assert f'<a href="{address}">Download them</a>' in done.text
    rows = list(csv.DictReader(io.StringIO(left)))
    assert [(row["UHID"], row["Patient Name"], row["Mobile"]) for row in rows] == [
        ("10233", "José D'Souza", "98xxxxxx10"),
        ("10234", "Lakshmi Nair", "098450 12347"),
    ]
    assert rows[1]["Why not imported"].startswith("Age: “about 50” is not an age.")

    corrected = left.replace("98xxxxxx10", "9845012310").replace("about 50", "50")
    shown = upload(client, corrected)
    assert guesses(shown)["Why not imported"] == "-"
    confirm(client, map_columns(client, shown, **chosen))
    assert Patient.objects.count() == 4


def test_bad_rows_are_for_the_one_who_sent_the_file(client):
    ready = map_columns(client, upload(client, CLINIC), **{"UHID": "-", "Ref. by": "-"})
    address = f"{PATIENTS}import/left/{ready.context['left']}/"

    client.force_login(staff("administrator"))
    assert client.get(address).status_code == 404
    client.force_login(staff("receptionist"))
    assert client.get(address).status_code == 403
    assert client.get(f"{PATIENTS}import/sample/").status_code == 403
    assert client.get(f"{PATIENTS}import/columns/{ready.context['file']}/").status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        PATIENTS,
        "/admin/accounts/user/",
        *(f"/admin/scheduling/{name}/" for name in ("doctor", "nurse", "department")),
    ],
)
def test_the_sample_file_can_be_imported(client, page):
    DepartmentFactory()
    SpecializationFactory()
    sample = client.get(f"{page}import/sample/")

    shown = upload(client, sample.content, page)

    assert sample["Content-Disposition"].startswith("attachment; filename=")
    assert (shown.context["bad"], len(shown.context["good"])) == ([], 1)
    assert confirm(client, shown, page).status_code == 302


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"full_name\n", "This file has a head and no rows."),
        (b'a,b\n"open,1\n', "Line 2 cannot be read; often a quotation mark is not closed."),
        (b"a,b\n\x00\x81\n", "This is neither a CSV file in UTF-8 or Windows-1252 nor a workbook."),
        (b"\xd0\xcf\x11\xe0old", "This is a workbook of an old kind."),
        (b"PK\x03\x04broken", "This workbook cannot be read."),
        (b",".join([b"c"] * 101) + b"\n1\n", "A file has at most 100 columns."),
    ],
)
def test_files_that_are_no_tables_are_refused_in_words(client, content, words):
    page = upload(client, content)

    assert page.status_code == 200
    assert words in " ".join(page.context["form"].errors["import_file"])


def test_a_row_with_too_many_cells_and_one_without_any_of_ours_are_named(client):
    page = map_columns(client, upload(client, "Name,Remark\nAsha,Rao,Mysuru\n,old\n"), Remark="-")

    assert [(number, reasons[0]) for number, reasons in page.context["bad"]] == [
        (2, "This row has more cells than the head has columns."),
        (3, "This row is empty in all columns that are read."),
    ]
