"""A confirmed import does what the preview showed, once, and overwrites nothing that nobody has seen."""

import pytest

from accounts.models import Patient, User
from tests.accounts.test_tables import CSV, NEW, PATIENTS, USERS, table_of
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]
REFUSED = "Nothing of the file has been saved."
GONE = "This file was already imported, or it is no longer kept."


def preview(client, *rows, page=PATIENTS):
    return client.post(f"{page}import/", {"import_file": table_of(*rows), "format": CSV})


def confirm(client, shown, page=PATIENTS, **changes):
    return client.post(f"{page}process_import/", shown.context["confirm_form"].initial | changes)


@pytest.fixture
def asha():
    return PatientFactory(full_name="Asha Rao", street="1 Old Street", city="Mysuru", mrn="H000007")


def row(**cells):
    return {"mrn": "H000007", "full_name": "Asha Rao", "street": "1 Old Street", "city": "Hassan"} | cells


@pytest.mark.parametrize("city", ["Hassan", "Mysuru"])
def test_a_row_that_changed_since_the_preview_is_not_overwritten(client, asha, city):
    ravi = PatientFactory(full_name="Ravi", date_of_birth="1971-02-03", mrn="H000008")
    shown = preview(client, row(city=city, date_of_birth=""), row(mrn="H000008", full_name="Ravi Rao", date_of_birth="1971-02-03"))
    Patient.objects.filter(pk=asha.pk).update(street="2 New Street")

    answer = confirm(client, shown)

    kept = Patient.objects.get(pk=asha.pk)
    assert (kept.street, kept.city) == ("2 New Street", "Mysuru")
    assert Patient.objects.get(pk=ravi.pk).full_name == "Ravi"
    assert answer.status_code == 409
    assert "This row has changed since the preview." in answer.text
    assert REFUSED in answer.text


def test_a_file_that_was_refused_is_still_there(client, asha):
    shown = preview(client, row())
    Patient.objects.filter(pk=asha.pk).update(city="Hubli")
    assert confirm(client, shown).status_code == 409

    Patient.objects.filter(pk=asha.pk).update(city="Mysuru")

    assert confirm(client, shown).status_code == 302
    assert Patient.objects.get().city == "Hassan"
    assert confirm(client, shown).url == f"{PATIENTS}import/"


def test_a_change_of_a_column_that_is_not_in_the_file_is_no_conflict(client, asha):
    shown = preview(client, row())
    Patient.objects.filter(pk=asha.pk).update(blood_group="A+")

    answer = confirm(client, shown)

    kept = Patient.objects.get()
    assert (answer.status_code, kept.city, kept.blood_group) == (302, "Hassan", "A+")


def test_a_row_that_already_is_as_the_file_says_is_no_conflict(client, asha):
    shown = preview(client, row())
    Patient.objects.filter(pk=asha.pk).update(city="Hassan")

    assert confirm(client, shown).status_code == 302


def test_a_form_without_the_digests_of_the_preview_saves_nothing(client, asha):
    assert confirm(client, preview(client, row()), prints="").status_code == 409
    assert Patient.objects.get().city == "Mysuru"


def test_roles_that_changed_since_the_preview_are_not_taken_back(client):
    meena = staff("nurse", email="meena@example.org", full_name="Meena Iyer")
    cells = {"email": "meena@example.org", "full_name": "Meena Rao", "roles": "nurse"}
    shown = preview(client, cells, page=USERS)
    meena.groups.clear()

    answer = confirm(client, shown, page=USERS)

    kept = User.objects.get(pk=meena.pk)
    assert (answer.status_code, kept.role_names, kept.full_name) == (409, set(), "Meena Iyer")


def test_confirming_twice_imports_once(client):
    shown = preview(client, NEW)

    confirm(client, shown)
    again = confirm(client, shown)

    assert Patient.objects.count() == 1
    assert (again.status_code, again.url) == (302, f"{PATIENTS}import/")
    assert GONE in client.get(again.url).text


@pytest.mark.parametrize(
    "changes",
    [
        {"import_file_name": "0" * 32},
        {"import_file_name": "../../etc/passwd"},
        {"import_file_name": ""},
        {"reading": ""},
        {"reading": "x"},
        {"reading": "[]"},
        {"reading": '{"targets": [1]}'},
        {"reading": '{"targets": ["full_name"]}'},
    ],
)
def test_a_form_that_names_no_file_is_answered_in_words(client, changes):
    answer = confirm(client, preview(client, NEW), **changes)

    assert (answer.status_code, answer.url) == (302, f"{PATIENTS}import/")
    assert GONE in client.get(answer.url).text
    assert not Patient.objects.exists()


def test_the_preview_names_the_patient_whom_a_new_row_may_repeat(client):
    PatientFactory(full_name="Asha RAO", date_of_birth="1984-03-27", mrn="H000007")
    PatientFactory(full_name="Asha Rao", date_of_birth="1990-01-01", mrn="H000008")

    page = preview(client, NEW, NEW | {"full_name": "Somebody Else", "phone": "098450 99999"})

    assert "1 new row may repeat one that is already there" in page.text
    assert [line.diff[-1] for line in page.context["result"].rows] == [
        "Asha RAO (H000007): same name; same birth date",
        "",
    ]


def test_a_row_that_repeats_another_row_of_the_file_is_named_too(client):
    page = preview(client, NEW, NEW)

    assert [bool(line.alike) for line in page.context["result"].rows] == [False, True]


def test_a_patient_who_was_registered_since_the_preview_stops_the_import(client):
    shown = preview(client, NEW)
    PatientFactory(full_name="Asha Rao", date_of_birth="1984-03-27")

    assert confirm(client, shown).status_code == 409
    assert Patient.objects.count() == 1
