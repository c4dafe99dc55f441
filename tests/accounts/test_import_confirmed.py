"""A confirmed import does what the preview showed, once, and overwrites nothing that nobody has seen."""

import pytest

from accounts.models import Patient, User
from tests.accounts.test_tables import CSV, NEW, PATIENTS, USERS, table_of
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]
REFUSED = "Nothing of the file has been saved."
GONE = "This file was already imported, or it is no longer kept."


def preview(client, *rows, page=PATIENTS):
    return client.post(f"{page}import/", {"import_file": table_of(*rows), "format": CSV}, follow=True)


def confirm(client, shown, page=PATIENTS, **changes):
    return client.post(f"{page}process_import/", shown.context["confirm_form"].initial | changes)


def refused(client, answer, page=PATIENTS):
    """The page to which a refused confirmation leads, which reloads without sending the form again."""
    assert (answer.status_code, answer.url.rpartition("refused/")[0]) == (302, f"{page}import/")
    return client.get(answer.url)


@pytest.fixture
def asha():
    return PatientFactory(full_name="Asha Rao", street="1 Old Street", city="Mysuru", mrn="H000007")


def row(**cells):
    return {"mrn": "H000007", "full_name": "Asha Rao", "street": "1 Old Street", "city": "Hassan"} | cells


@pytest.mark.parametrize("city", ["Hassan", "Mysuru"])
def test_a_row_that_changed_since_the_preview_is_not_overwritten(client, asha, city):
    ravi = PatientFactory(full_name="Ravi", date_of_birth="1971-02-03", mrn="H000008")
    shown = preview(
        client,
        row(city=city, date_of_birth=""),
        row(mrn="H000008", full_name="Ravi Rao", date_of_birth="1971-02-03"),
    )
    Patient.objects.filter(pk=asha.pk).update(street="2 New Street")

    answer = confirm(client, shown)

    kept = Patient.objects.get(pk=asha.pk)
    assert (kept.street, kept.city) == ("2 New Street", "Mysuru")
    assert Patient.objects.get(pk=ravi.pk).full_name == "Ravi"
    page = refused(client, answer)
    assert "This row has changed since the preview." in page.text
    assert REFUSED in page.text
    assert "This row has changed since the preview." in client.get(answer.url).text


def test_a_file_that_was_refused_is_still_there(client, asha):
    shown = preview(client, row())
    Patient.objects.filter(pk=asha.pk).update(city="Hubli")
    refused(client, confirm(client, shown))

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
    refused(client, confirm(client, preview(client, row()), prints=""))

    assert Patient.objects.get().city == "Mysuru"


def test_roles_that_changed_since_the_preview_are_not_taken_back(client):
    meena = staff("nurse", email="meena@example.org", full_name="Meena Iyer")
    cells = {"email": "meena@example.org", "full_name": "Meena Rao", "roles": "nurse"}
    shown = preview(client, cells, page=USERS)
    meena.groups.clear()

    answer = confirm(client, shown, page=USERS)

    kept = User.objects.get(pk=meena.pk)
    assert (kept.role_names, kept.full_name) == (set(), "Meena Iyer")
    assert "This row has changed since the preview." in refused(client, answer, USERS).text


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


ASHA = "Asha RAO (H000007): same name; same birth date"


@pytest.fixture
def repeating(client, asha):
    """The preview of a row like nobody, one like another, and one that may be a patient's relative."""
    Patient.objects.filter(pk=asha.pk).update(full_name="Asha RAO", name_key="asha rao")
    Patient.objects.filter(pk=asha.pk).update(date_of_birth="1984-03-27")
    ravi = {"full_name": "Ravi Menon", "date_of_birth": "1971-02-03", "phone": "098450 99999"}
    near = {"full_name": "Asha Rao", "date_of_birth": "1984-03-28", "phone": ""}
    return preview(client, NEW | ravi, NEW | {"country": "Nepal", "postcode": ""}, NEW | ravi, NEW | near)


def test_a_new_row_that_evidently_repeats_is_not_among_the_good_ones(client, repeating):
    assert "1 new row may repeat one that is already there" in repeating.text
    assert [(row.number, bool(row.alike)) for row in repeating.context["good"]] == [(2, False), (5, True)]
    assert repeating.context["bad"] == [
        (3, [f"This looks like {ASHA}."]),
        (4, ["This looks like Ravi Menon in row 2 of this file: same name; same birth date; same phone."]),
    ]
    left = client.get(f"{PATIENTS}import/left/{repeating.context['left']}/").text
    assert f"This looks like {ASHA}." in left


def test_repeating_rows_are_imported_only_if_somebody_says_so(client, repeating):
    assert "Also import rows that look like people who are here" in repeating.text

    answer = confirm(client, repeating)

    assert answer.status_code == 302
    names = list(Patient.objects.order_by("mrn").values_list("full_name", flat=True))
    assert names == ["Ravi Menon", "Asha Rao", "Asha RAO"]
    assert "Some rows of the file were not imported." in client.get(answer.url).text


def test_repeating_rows_are_imported_if_somebody_says_so(client, repeating):
    answer = confirm(client, repeating, with_repeats="on")

    assert (answer.status_code, Patient.objects.count()) == (302, 5)
    assert "Some rows of the file were not imported." not in client.get(answer.url).text


def test_a_file_that_only_repeats_waits_until_somebody_says_so(client):
    confirm(client, preview(client, NEW))
    again = preview(client, NEW)

    refused = confirm(client, again)

    assert "Nothing of the file was chosen" in client.get(refused.url).text
    assert Patient.objects.count() == 1
    confirm(client, again, with_repeats="on")
    assert Patient.objects.count() == 2


def test_the_question_is_asked_only_where_rows_repeat(client):
    assert "Also import rows" not in preview(client, NEW).text


def test_a_patient_who_was_registered_since_the_preview_stops_the_import(client):
    shown = preview(client, NEW)
    PatientFactory(full_name="Asha Rao", date_of_birth="1984-03-27")

    answer = confirm(client, shown)

    said = "Since the preview, somebody was registered or changed whom this row may repeat."
    assert said in refused(client, answer).text
    assert Patient.objects.count() == 1
