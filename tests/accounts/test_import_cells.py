"""What the cells of imported and exported tables mean: nothing is guessed, and nothing is lost."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook, load_workbook

from accounts.models import Language, Patient, User
from hms.core.tables.sheets import read_sheet
from tests.accounts.foreign import map_columns
from tests.accounts.test_import_confirmed import confirm, preview, row
from tests.accounts.test_tables import NEW, PATIENTS, USERS, XLSX, exported, import_table
from tests.factories import PatientFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]

FORMULA = re.compile(r'<c r="B2".*?</c>')
RESULTS = [
    ('<c r="B2" t="str"><f>A1</f><v>7 Lane</v></c>', "7 Lane"),
    ('<c r="B2" t="str"><f>A1</f><v></v></c>', ""),
    ('<c r="B2"><f>A1</f></c>', "#FORMULA!"),
]


@pytest.fixture
def asha():
    return PatientFactory(full_name="Asha Rao", street="1 Old Street", city="Mysuru", mrn="H000007")


def test_an_empty_cell_changes_nothing(client):
    hindi = Language.objects.create(code="hi", name="Hindi")
    given = {"wants_sms": False, "country": "Nepal", "preferred_language": hindi, "phone": "+9779841234567"}
    PatientFactory(mrn="H000007", full_name="Asha Rao", **given)
    empty = dict.fromkeys(given, "") | {"date_of_birth": "", "full_name": "Asha Rao"}

    import_table(client, PATIENTS, {"mrn": "H000007", "city": "Pokhara", **empty})

    kept = Patient.objects.get()
    assert (kept.city, kept.wants_sms, kept.country, kept.preferred_language) == (
        "Pokhara",
        False,
        "Nepal",
        hindi,
    )
    assert str(kept.phone) == "+9779841234567"


def test_a_closed_login_stays_closed(client):
    UserFactory(email="closed@example.org", full_name="Closed", is_active=False)
    closed = {"email": "Closed@Example.org ", "full_name": "Closed Still", "roles": "", "is_active": ""}
    new = {"email": "new@example.org", "full_name": "New", "roles": "", "is_active": "0"}

    import_table(client, USERS, closed, new)

    kept = User.objects.filter(email__in=["closed@example.org", "new@example.org"]).order_by("email")
    assert list(kept.values_list("full_name", "is_active")) == [("Closed Still", False), ("New", False)]


@pytest.mark.parametrize("number", ["h000007", " H000007 ", "H000007"])
def test_a_patient_number_is_found_in_any_form(client, asha, number):
    import_table(client, PATIENTS, row(mrn=number))

    assert list(Patient.objects.values_list("mrn", "city")) == [("H000007", "Hassan")]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"mrn": "305", "full_name": "Asha Rao"}, "“305” is not one of our numbers"),
        ({"mrn": "H000305", "full_name": "Gopal Nair", "gender": "male"}, "This is the number of Asha Rao"),
        ({"mrn": "H000305", "full_name": "Asha Menon"}, "This is the number of Asha Rao (H000305)."),
        ({"mrn": "H000305"}, "This is the number of Asha Rao (H000305)."),
        ({"mrn": "H000305", "date_of_birth": "1984-03-28"}, "This is the number of Asha Rao (H000305)."),
        ({"mrn": "H000305", "full_name": "Rao Asha"}, None),
        ({"mrn": "H000305", "full_name": "Asha Rao", "date_of_birth": "1984-03-28"}, None),
        ({"mrn": "H000305", "full_name": "Gopal Nair", "date_of_birth": "1984-03-27"}, None),
    ],
)
def test_a_number_alone_does_not_change_a_patient(client, cells, words):
    PatientFactory(mrn="H000305", full_name="Asha Rao", date_of_birth="1984-03-27", city="Mysuru")

    page = import_table(client, PATIENTS, cells | {"city": "Hassan"})

    assert Patient.objects.get().city == ("Mysuru" if words else "Hassan")
    assert words is None or words in page.text


def test_a_name_that_is_changed_needs_more_than_the_first_of_january(client):
    PatientFactory(mrn="H000305", full_name="Asha Rao", date_of_birth="1984-01-01")
    born = {"mrn": "H000305", "date_of_birth": "1984-01-01"}

    import_table(client, PATIENTS, born | {"full_name": "Gopal Nair"})
    assert Patient.objects.get().full_name == "Asha Rao"
    import_table(client, PATIENTS, born | {"full_name": "Asha Menon"})
    assert Patient.objects.get().full_name == "Asha Menon"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"wants_sms": "maybe"}, "“maybe” is neither 1 (yes) nor 0 (no)."),
        ({"preferred_language": "tlh"}, "There is no language with the code tlh."),
        ({"full_name": ""}, "full_name: This is missing."),
        ({"colour": "red"}, "Not recognised, so that you have to choose: colour."),
    ],
)
def test_what_is_not_understood_is_refused_in_words(client, cells, words):
    page = import_table(client, PATIENTS, NEW | cells)

    assert words in page.text
    assert "Traceback" not in page.text
    assert not Patient.objects.exists()


def test_a_column_that_the_file_lacks_is_named_as_on_the_page_of_columns(client):
    page = import_table(client, PATIENTS, {name: cell for name, cell in NEW.items() if name != "full_name"})

    assert "full name (full_name): This is missing." in page.text


def test_a_file_without_the_key_says_so(client):
    page = map_columns(client, preview(client, {"full_name": "Asha Rao"}, page=USERS))

    assert "Choose which column is “E-mail address”: it says which row is meant." in page.text


def test_the_preview_has_no_inline_style(client, asha):
    page = preview(client, row())

    assert "<del>Mysuru</del><ins>Hassan</ins>" in page.text.replace("<span>", "").replace("</span>", "")
    assert "style=" not in page.text.partition('id="content"')[2]


def test_formulas_are_escaped_and_come_back_as_they_were(client):
    typed = {"city": "@SUM(A1)", "county": "-2+3", "state": "=1+1", "street": "'=quoted"}
    PatientFactory(mrn="H000007", phone="+919845012345", **typed)

    rows = exported(client, PATIENTS)
    changed = [cells | {"full_name": "Changed Name"} for cells in rows]  # with the right birth date
    import_table(client, PATIENTS, *changed)

    assert {name: rows[0][name] for name in typed} == {name: f"'{text}" for name, text in typed.items()}
    assert rows[0]["phone"] == "'+919845012345"
    kept = Patient.objects.get()
    assert kept.full_name == "Changed Name"
    assert {name: getattr(kept, name) for name in typed} == typed
    assert str(kept.phone) == "+919845012345"


def test_a_control_character_that_is_already_stored_does_not_end_an_export(client, caplog):
    patient = PatientFactory(mrn="H000007")
    put_by_sql(patient, street="7\x07 Lane\u202e\x00")

    answer = client.post(f"{PATIENTS}export/", {"format": XLSX})

    sheet = load_workbook(io.BytesIO(answer.content)).active
    header, cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert dict(zip(header, cells, strict=True))["street"] == "7 Lane"
    assert caplog.text == ""


def put_by_sql(patient, street: str) -> None:
    """Store a value as it was possible before text was cleaned."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_patient SET street = %s WHERE id = %s", [street, patient.pk])


def test_numbers_of_a_spreadsheet_are_read_as_text(client):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["mrn", "full_name", "date_of_birth", "gender", "phone", "postcode"])
    book.active.append([None, "Asha Rao", "1984-03-27", "female", 9845012345, 560025])
    book.save(out)
    upload = SimpleUploadedFile("people.xlsx", out.getvalue())

    confirm(client, client.post(f"{PATIENTS}import/", {"import_file": upload, "format": XLSX}, follow=True))

    kept = Patient.objects.get()
    assert (str(kept.phone), kept.postcode) == ("+919845012345", "560025")


def test_a_formula_without_a_result_and_an_error_are_named(client):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["mrn", "full_name", "date_of_birth", "gender", "city"])
    for city in ("=A1&B1", "#REF!", "Hassan"):
        book.active.append([None, "Asha Rao", "1984-03-27", "female", city])
    book.active.append([None, "=A1", "1984-03-27", "female", "Hassan"])
    book.save(out)

    page = client.post(
        f"{PATIENTS}import/", {"import_file": SimpleUploadedFile("people.xlsx", out.getvalue())}, follow=True
    )

    no_result = "The file has a formula here and not its result. Open it in a spreadsheet and save it again."
    assert page.context["bad"] == [
        (2, [f"city: {no_result}"]),
        (3, ["city: “#REF!” is an error of the spreadsheet."]),
        (5, [f"full_name: {no_result}"]),
    ]
    left = client.get(f"{PATIENTS}import/left/{page.context['left']}/").content
    again = client.post(
        f"{PATIENTS}import/", {"import_file": SimpleUploadedFile("left.csv", left)}, follow=True
    )
    assert [number for number, _reasons in again.context["bad"]] == [2, 3, 4]


@pytest.mark.parametrize(("cell", "read"), RESULTS)
def test_a_formula_is_read_as_the_result_that_is_stored(cell, read):
    book, plain, out = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["full_name", "street"])
    book.active.append(["Asha Rao", "=A1"])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            new.writestr(part, FORMULA.sub(cell, text))

    assert read_sheet(out.getvalue()).rows == [["Asha Rao", read]]
