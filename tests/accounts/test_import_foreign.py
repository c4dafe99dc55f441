"""Files of other systems come in through the page of columns, and what is doubtful is named."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from accounts.models import Patient
from tests.accounts.foreign import (
    CLINIC,
    HOSPITAL,
    PATIENTS,
    PRACTICE,
    confirm,
    guesses,
    map_columns,
    upload,
)
from tests.accounts.test_import_confirmed import refused
from tests.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]


def notes(shown) -> list[str]:
    return [row.diff[-2] for row in shown.context["good"]]


def test_columns_are_guessed_and_unknown_ones_named(client):
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


def test_ages_are_birth_dates_and_what_is_doubtful_is_named(client):
    ignored = {"UHID": "-", "Ref. by": "-"}
    ready = map_columns(
        client, upload(client, CLINIC), ages_on="2026-11-27", lost_phones="leave_out", **ignored
    )

    assert "Ignored columns: UHID, Ref. by." in ready.text
    assert ready.context["bad"] == [
        (5, ["Age: “about 50” is not an age. Write years as 42, or 6 months, 3 weeks, 10 days."])
    ]
    assert notes(ready) == [
        "Born on 1 Jan 1992, computed from the age “34”.",
        "Born on 27 Apr 2026, computed from the age “7 months”.",
        "The phone number “98xxxxxx10” is left out.; Born on 1 Jan 1965, computed from the age “61 Yrs”.",
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


def test_a_column_that_nobody_chose_is_not_dropped(client):
    again = map_columns(client, upload(client, CLINIC))

    assert "Choose what “UHID” is, or that it is ignored." in again.text
    assert "confirm_form" not in again.context


def test_a_masked_phone_is_refused_unless_somebody_says_otherwise(client):
    ready = map_columns(client, upload(client, CLINIC), **{"UHID": "-", "Ref. by": "-"})

    assert [number for number, _reasons in ready.context["bad"]] == [4, 5]
    assert "Mobile: “98xxxxxx10” is not a valid phone number." in ready.text


def test_a_practices_file_with_american_dates(client):
    shown = upload(client, PRACTICE)
    forms = dict(shown.context["form"].fields["date_form"].choices)
    assert forms["%m/%d/%Y"] == "MM/DD/YYYY, as 03/27/1984 (reads 2 of 3)"
    assert forms["%d/%m/%Y"] == "DD/MM/YYYY, as 27/03/1984 (reads 2 of 3)"
    assert shown.context["form"]["date_form"].value() == ""
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

    numbers = PRACTICE.replace("\n7,", "\nH000007,").replace("\n9,", "\nH000009,")
    ready = map_columns(client, upload(client, numbers), **chosen)

    assert [(number, reasons[0].partition(".")[0]) for number, reasons in ready.context["bad"]] == [
        (2, "Patient ID: This is the number of Ravi Menon (H000007)"),
        (3, "Patient ID: “8” is not one of our numbers, which are written as H000123"),
        (4, "Patient ID: There is no such patient"),
    ]
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

    assert again.context["good"] == []
    assert [reasons[0].partition(" (")[0] for _number, reasons in again.context["bad"]] == [
        "This looks like Asha Rao",
        "This looks like Ravi Menon",
        "This looks like José D'Souza",
        "Age: “about 50” is not an age. Write years as 42, or 6 months, 3 weeks, 10 days.",
    ]


def test_from_the_preview_back_to_the_columns_with_what_was_chosen(client):
    chosen = {"Patient ID": "-", "date_form": "%d/%m/%Y", "name_order": "family_first"}
    ready = map_columns(client, upload(client, PRACTICE), **chosen)

    back = client.get(f"{PATIENTS}import/columns/{ready.context['file']}/")

    form = back.context["form"]
    assert [form[name].value() for name in ("date_form", "name_order")] == ["%d/%m/%Y", "family_first"]
    assert guesses(back)["Patient ID"] == "-"


def test_what_was_chosen_belongs_to_the_preview(client):
    chosen = {"Patient ID": "-", "date_form": "%m/%d/%Y"}
    ready = map_columns(client, upload(client, PRACTICE), **chosen)
    other = ready.context["confirm_form"].initial["reading"].replace("%m/%d/%Y", "%d/%m/%Y")

    refused(client, confirm(client, ready, reading=other))
    assert not Patient.objects.exists()


def test_dates_of_a_workbook_are_dates_and_other_sheets_are_named(client):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Name", "DOB", "Sex"])
    book.active.append(["Asha Rao", date(1984, 3, 4), "F"])
    book.create_sheet("More")
    book.save(out)
    file = SimpleUploadedFile("theirs.xlsx", out.getvalue())

    shown = client.post(f"{PATIENTS}import/", {"import_file": file}, follow=True)
    confirm(client, map_columns(client, shown, date_form="%m/%d/%Y"))

    assert "Only the sheet “Sheet” is read; the workbook has 2 sheets." in shown.text
    assert Patient.objects.get().date_of_birth == date(1984, 3, 4)


@pytest.mark.parametrize(("age", "bad"), [("42", []), ("43", [2]), ("20", [2])])
def test_an_age_does_not_replace_a_birth_date_that_is_known(client, age, bad):
    PatientFactory(mrn="H000007", full_name="Asha Rao", date_of_birth="1984-03-27", city="Mysuru")
    shown = upload(client, f"MRN,Name,Age,City\nH000007,Asha Rao,{age},Hassan\n")

    ready = map_columns(client, shown, ages_on="2026-11-27")
    if not bad:
        confirm(client, ready)

    kept = Patient.objects.get()
    assert [number for number, _reasons in ready.context["bad"]] == bad
    assert (kept.date_of_birth, kept.city) == (date(1984, 3, 27), "Mysuru" if bad else "Hassan")
