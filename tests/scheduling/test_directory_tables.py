"""Departments and nurses leave and enter as tables, by the rules of all tables."""

from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hms.core.tables.columns_form import own_reading
from hms.core.tables.sheets import read_sheet
from scheduling.admin.resources import NurseResource
from scheduling.models import Department, Nurse
from tests.factories import (
    DepartmentFactory,
    DoctorFactory,
    NurseFactory,
    staff,
)
from tests.scheduling.admin_day import change_page, page, run_import

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("A06"),
    pytest.mark.usefixtures("wednesday_morning", "administrator"),
]


def export(client, model: str) -> str:
    return client.post(page(f"scheduling_{model}_export"), {"format": "0"}).content.decode()


def test_departments_are_exported_and_imported_again(client):
    head = DoctorFactory(registration_number="KMC-1")
    department = DepartmentFactory(slug="hearts", name="Cardiology", head=head, opens_at=time(8, 30))
    table = export(client, "department")

    run_import(client, table.replace("Cardiology", "Heart care").encode(), "department")

    department.refresh_from_db()
    assert "hearts,Cardiology,,08:30,20:00,KMC-1,1," in table
    assert (department.name, department.head, department.opens_at) == ("Heart care", head, time(8, 30))


@pytest.mark.parametrize("key", ["hearts", " HEARTS ", "Hearts"])
def test_a_department_is_found_by_its_address_name_in_any_case(client, key):
    department = DepartmentFactory(slug="hearts", description="Old", is_active=False)

    run_import(client, f"slug,name,description,is_active,closes_at\n{key},,New,,\n".encode(), "department")

    kept = Department.objects.get()
    assert (kept.pk, kept.slug, kept.name) == (department.pk, "hearts", department.name)
    assert (kept.description, kept.is_active, kept.closes_at) == ("New", False, time(20))


def test_a_new_department_comes_in_with_its_hours(client):
    run_import(client, b"slug,name,opens_at,closes_at\neyes,Eye care,09:00,17:30\n", "department")

    kept = Department.objects.get()
    assert (kept.name, kept.opens_at, kept.closes_at, kept.is_active) == (
        *("Eye care", time(9), time(17, 30)),
        True,
    )


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("head", "KMC-404", "There is no doctor with the registration number KMC-404."),
        ("opens_at", "9 o'clock", "is not a time. Write times as HH:MM, for example 09:30."),
        ("opens_at", "09:02", "5"),
        ("name", "neuro LOGY", "“Neurology” already exists."),
        ("is_active", "perhaps", "“perhaps” is neither 1 (yes) nor 0 (no)."),
        ("opened_on", "2020", "opened_on"),
    ],
)
def test_what_an_import_of_departments_does_not_understand_is_refused(client, column, cell, words):
    department = DepartmentFactory(slug="hearts")
    DepartmentFactory(name="Neurology")

    shown = run_import(client, f"slug,{column}\nhearts,{cell}\n".encode(), "department")

    kept = Department.objects.get(slug="hearts")
    assert shown.status_code == 200
    assert words in shown.text
    assert (kept.name, kept.head, kept.opens_at, kept.is_active) == (department.name, None, time(8), True)


def test_nurses_are_exported_and_imported_again(client):
    nurse = NurseFactory(degree="GNM", email="meena@example.org", phone="+919880012345")
    first, second = DoctorFactory(registration_number="KMC-1"), DoctorFactory(registration_number="KMC-2")
    nurse.doctors.add(first)
    table = export(client, "nurse")

    changed = table.replace("GNM", "B.Sc. Nursing").replace("KMC-1", '"kmc - 1, KMC-2"')
    run_import(client, changed.encode(), "nurse")

    nurse.refresh_from_db()
    assert (nurse.degree, nurse.email, str(nurse.phone)) == (
        *("B.Sc. Nursing", "meena@example.org"),
        "+919880012345",
    )
    assert list(nurse.doctors.order_by("pk")) == [first, second]


def test_the_preview_shows_old_and_new_doctors_of_a_nurse(client):
    first, second = DoctorFactory(registration_number="KMC-1"), DoctorFactory(registration_number="KMC-2")
    NurseFactory(registration_number="KNC-7").doctors.add(first)
    NurseFactory(registration_number="KNC-8").doctors.add(second)
    DepartmentFactory(slug="hearts")
    table = (
        b"registration_number,full_name,department,doctors\n"
        b"KNC-7,,,kmc-2\nKNC-8,,,\nKNC-9,New Nurse,hearts,KMC-1;KMC-2\n"
    )

    shown = client.post(
        page("scheduling_nurse_import"), {"import_file": SimpleUploadedFile("nurses.csv", table)}, follow=True
    )

    assert shown.context["bad"] == []
    doctors = [row.diff[3] for row in shown.context["good"]]
    assert doctors[:2] == ["<del>KMC-1</del><ins>KMC-2</ins>", "KMC-2"]
    assert set(doctors[2].split(",")) == {"KMC-1", "KMC-2"}


def test_an_empty_cell_of_a_nurse_changes_nothing(client):
    nurse = NurseFactory(registration_number="KNC 7", is_active=False, email="meena@example.org")
    nurse.doctors.add(doctor := DoctorFactory())

    run_import(client, b"registration_number,degree,email,doctors,is_active\nknc7,GNM,,,\n", "nurse")

    kept = Nurse.objects.get()
    assert (kept.registration_number, kept.degree, kept.email) == ("KNC 7", "GNM", "meena@example.org")
    assert (kept.is_active, list(kept.doctors.all())) == (False, [doctor])


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("doctors", "KMC-1,KMC-404", "There is no doctor with the registration number KMC-404."),
        ("department", "nowhere", "There is no department with the code nowhere."),
        ("email", "meena", "Enter a valid email address."),
        ("phone", "12", "phone number"),
    ],
)
def test_what_an_import_of_nurses_does_not_understand_is_refused(client, column, cell, words):
    nurse = NurseFactory(registration_number="KNC-7")
    nurse.doctors.add(doctor := DoctorFactory(registration_number="KMC-1"))

    shown = run_import(client, f'registration_number,{column}\nKNC-7,"{cell}"\n'.encode(), "nurse")

    kept = Nurse.objects.get()
    assert shown.status_code == 200
    assert words in shown.text
    assert (list(kept.doctors.all()), kept.department, kept.email) == ([doctor], nurse.department, "")


@pytest.mark.parametrize("model", ["department", "nurse"])
def test_reception_neither_imports_nor_exports(client, model):
    client.force_login(staff("receptionist"))

    answers = [client.get(page(f"scheduling_{model}_{way}")).status_code for way in ("import", "export")]

    assert answers == [403, 403]


@pytest.mark.feature("S01")
def test_a_department_says_when_it_was_created_and_changed(client, wednesday_morning):
    department = Department.objects.get(pk=DepartmentFactory().pk)
    wednesday_morning.shift(3600)
    department.description = "Ears and noses"
    department.save()
    wednesday_morning.shift(3600)

    department.save()

    kept = Department.objects.get()
    assert (kept.changed_at - kept.created_at).total_seconds() == 3600
    shown = client.get(change_page(department)).text

    assert "10 Jun 2026, 9:20 AM" in shown
    assert "10 Jun 2026, 10:20 AM" in shown


HOURS = "slug,name,opens_at,closes_at"


class Unchecked(NurseResource):
    """As if the second row had come from elsewhere between the check and the saving."""

    def doubled(self, *_row):
        return {}


def test_the_row_that_cannot_be_saved_is_named_and_the_others_are_not_saved(administrator):
    DepartmentFactory(slug="hearts")
    table = b"registration_number,full_name,department\nKNC-1,A,hearts\nKNC-2,B,hearts\nknc - 1,C,hearts\n"
    sheet = read_sheet(table)
    reading = own_reading(NurseResource(by=administrator), sheet)
    shown = Unchecked(by=administrator, reading=reading).checked(sheet)

    result = Unchecked(by=administrator, reading=reading, locks=True).save(
        sheet, [row.digest for row in shown.rows]
    )

    assert [row.number for row in result.rows if row.validation_error] == [4]
    assert not Nurse.objects.exists()


@pytest.mark.parametrize(
    ("model", "table", "column"),
    [
        (
            "nurse",
            "registration_number,full_name,department\nKNC-1,A,{0}\nknc - 1,B,{0}\n",
            "registration_number",
        ),
        ("department", f"{HOURS}\neyes,Eye care,09:00,17:00\nEYES,Other,09:00,17:00\n", "slug"),
        ("department", f"{HOURS}\neyes,Eye care,09:00,17:00\nears,eye CARE,09:00,17:00\n", "name"),
    ],
)
def test_a_name_that_two_rows_of_a_file_have_is_named_in_the_preview(client, model, table, column):
    other = DepartmentFactory(slug="hearts")

    shown = client.post(
        page(f"scheduling_{model}_import"),
        {"import_file": SimpleUploadedFile("table.csv", table.format(other.slug).encode())},
        follow=True,
    )

    assert shown.context["bad"] == [(3, [f"{column}: Row 2 of this file is already about the same one."])]
