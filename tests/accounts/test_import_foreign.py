"""Files of other systems come in through the page of columns, and what is doubtful is named."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import Patient
from tests.accounts.foreign import CLINIC, HOSPITAL, PATIENTS, PRACTICE, confirm, map_columns, upload
from tests.factories import DepartmentFactory, PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]


def guesses(shown) -> dict[str, str]:
    return {field.label: field.value() for field in shown.context["form"].file_columns()}


def notes(shown) -> list[str]:
    return [row.diff[-2] for row in shown.context["good"]]


def test_a_clinics_file_with_ages_and_a_masked_phone(client):
    shown = upload(client, CLINIC)
    assert guesses(shown) == {
        "UHID": "",
        "Patient Name": "full_name",
        "Age": "age",
        "Sex": "gender",
        "Mobile": "phone",
        "Town": "city",
        "Pin Code": "postcode",
        "Ref. by": "",
    }
    assert "The columns are separated by semicolons." in shown.text
    assert "read as Windows-1252" in shown.text
    assert "Not recognised, so that you have to choose: UHID, Ref. by." in shown.text

    again = map_columns(client, shown)
    assert "Choose what “UHID” is, or that it is ignored." in again.text

    ignored = {"UHID": "-", "Ref. by": "-"}
    ready = map_columns(client, shown, ages_on="2026-11-27", lost_phones="leave_out", **ignored)
    assert "Ignored columns: UHID, Ref. by." in ready.text
    assert ready.context["bad"] == [
        (5, ["Age: “about 50” is no age. Write years as 42, or 6 months, 3 weeks, 10 days."])
    ]
    assert notes(ready) == [
        "Born on 1 Jan 1992, computed from the age “34”.",
        "Born on 27 Apr 2026, computed from the age “7 months”.",
        "Born on 1 Jan 1965, computed from the age “61 Yrs”.; The phone number “98xxxxxx10” is left out.",
    ]
    confirm(client, ready)

    found = Patient.objects.order_by("mrn").values_list(
        "full_name", "date_of_birth", "gender", "phone", "postcode"
    )
    assert [(*row[:3], str(row[3]), row[4]) for row in found] == [
        ("Asha Rao", date(1992, 1, 1), "female", "+919845012345", "570001"),
        ("Ravi Menon", date(2026, 4, 27), "male", "+919845012346", "570002"),
        ("José D'Souza", date(1965, 1, 1), "male", "", "575001"),
    ]


def test_a_masked_phone_is_refused_unless_somebody_says_otherwise(client):
    ready = map_columns(client, upload(client, CLINIC), **{"UHID": "-", "Ref. by": "-"})

    assert [number for number, _reasons in ready.context["bad"]] == [4, 5]
    assert "Mobile: “98xxxxxx10” is not a valid phone number." in ready.text


def test_a_practices_file_with_american_dates(client):
    shown = upload(client, PRACTICE)
    forms = dict(shown.context["form"].fields["date_form"].choices)
    assert forms["%m/%d/%Y"] == "MM/DD/YYYY, as 03/27/1984 (reads 2 of 3)"
    assert forms["%d/%m/%Y"] == "DD/MM/YYYY, as 27/03/1984 (reads 2 of 3)"
    assert shown.context["form"]["date_form"].value() == "%Y-%m-%d"
    assert [guesses(shown)[name] for name in ("Patient ID", "SSN")] == ["", "-"]

    chosen = {"Patient ID": "-", "date_form": "%m/%d/%Y", "name_order": "family_first"}
    ready = map_columns(client, shown, **chosen)
    assert ready.context["bad"] == [
        (4, ["DOB: “27/03/1984” is not a date. Write dates as MM/DD/YYYY, for example 03/27/1984."])
    ]
    confirm(client, ready)

    found = Patient.objects.order_by("mrn").values_list("full_name", "date_of_birth", "street", "country")
    assert list(found) == [
        ("Asha Rao", date(1984, 3, 27), "14 Elm Street, Apt 2", "United States"),
        ("Nikhil K. Shah", date(1990, 12, 1), "9 Oak Street", "United States"),
    ]


def test_a_hospitals_file_with_parts_of_names(client):
    shown = upload(client, HOSPITAL)
    assert [guesses(shown)[name] for name in ("MRN", "M/F", "Nationality")] == ["", "", ""]

    chosen = {"MRN": "-", "M/F": "gender", "Nationality": "-", "date_form": "%d.%m.%Y"}
    ready = map_columns(client, shown, **chosen)
    assert [(number, reasons[0].partition(":")[0]) for number, reasons in ready.context["bad"]] == [
        (4, "Contact No."),
        (5, "M/F"),
    ]
    confirm(client, ready)

    found = Patient.objects.order_by("mrn").values_list("full_name", "date_of_birth", "blood_group", "email")
    assert list(found) == [
        ("Kavya Hegde", date(1984, 3, 27), "A+", "kavya@example.org"),
        ("Jürgen Groß", date(1970, 1, 1), "O-", "j.gross@example.org"),
    ]


def test_a_number_of_another_system_does_not_change_our_patient(client):
    ours = PatientFactory(mrn="H000007", full_name="Ravi Menon", date_of_birth="1971-02-03")
    chosen = {"Patient ID": "mrn", "date_form": "%m/%d/%Y", "name_order": "family_first"}

    ready = map_columns(client, upload(client, PRACTICE), **chosen)

    refused = "Patient ID: Ravi Menon (H000007) has this number, with another name and birth date."
    assert ready.context["bad"][0] == (2, [refused])
    ours.refresh_from_db()
    assert ours.full_name == "Ravi Menon"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"City": "full_name"}, "More than one column is “Full name”."),
        ({"City": "first_name"}, "Choose either the full name or its parts."),
        ({"date_form": "%y"}, "Select a valid choice."),
        ({"City": "is_confidential"}, "Select a valid choice."),
    ],
)
def test_columns_that_contradict_each_other_are_refused(client, chosen, words):
    page = map_columns(client, upload(client, PRACTICE), **{"Patient ID": "-"} | chosen)

    assert words in page.text
    assert "confirm_form" not in page.context


def test_the_same_file_twice_says_that_it_repeats(client):
    chosen = {"UHID": "-", "Ref. by": "-", "ages_on": "2026-11-27", "lost_phones": "leave_out"}
    confirm(client, map_columns(client, upload(client, CLINIC), **chosen))

    again = map_columns(client, upload(client, CLINIC), **chosen)

    assert "3 new rows may repeat ones that are already there" in again.text
    assert [bool(row.alike) for row in again.context["good"]] == [True] * 3


def test_from_the_preview_back_to_the_columns_with_what_was_chosen(client):
    chosen = {"Patient ID": "-", "date_form": "%d/%m/%Y", "name_order": "family_first"}
    ready = map_columns(client, upload(client, PRACTICE), **chosen)

    back = client.post(f"{PATIENTS}import/columns/", ready.context["file_form"].initial | {"change": "1"})

    form = back.context["form"]
    assert [form[name].value() for name in ("date_form", "name_order")] == ["%d/%m/%Y", "family_first"]
    assert guesses(back)["Patient ID"] == "-"


def test_what_was_chosen_belongs_to_the_preview(client):
    chosen = {"Patient ID": "-", "date_form": "%m/%d/%Y"}
    ready = map_columns(client, upload(client, PRACTICE), **chosen)
    other = ready.context["confirm_form"].initial["reading"].replace("%m/%d/%Y", "%d/%m/%Y")

    assert confirm(client, ready, reading=other).status_code == 409
    assert not Patient.objects.exists()


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
    assert rows[1]["Why not imported"].startswith("Age: “about 50” is no age.")

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
    assert client.post(f"{PATIENTS}import/columns/", ready.context["file_form"].initial).status_code == 403


@pytest.mark.parametrize("page", [PATIENTS, "/admin/accounts/user/", "/admin/scheduling/doctor/"])
def test_the_sample_file_can_be_imported(client, page):
    DepartmentFactory()
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


def test_dates_of_a_workbook_are_dates_and_other_sheets_are_named(client):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Name", "DOB", "Sex"])
    book.active.append(["Asha Rao", date(1984, 3, 4), "F"])
    book.create_sheet("More")
    book.save(out)
    file = SimpleUploadedFile("theirs.xlsx", out.getvalue())

    shown = client.post(f"{PATIENTS}import/", {"import_file": file})
    confirm(client, map_columns(client, shown, date_form="%m/%d/%Y"))

    assert "Only the sheet “Sheet” is read; the workbook has 2 sheets." in shown.text
    assert Patient.objects.get().date_of_birth == date(1984, 3, 4)
