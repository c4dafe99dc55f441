"""Specializations come from a list; what was typed before is on it once."""

import pytest
from django.db import connection

from hms.core.rights import SYSTEM
from scheduling.models import Department, Doctor, Specialization
from scheduling.services.directory import save_department
from tests.factories import DepartmentFactory, DoctorFactory, SpecializationFactory
from tests.moving_back import migrate
from tests.opened import boxes_of
from tests.scheduling.admin_day import change_page, errors, page, run_import, said
from tests.scheduling.test_claims_check import findings

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S02")]

BEFORE = [("scheduling", "0008_bookings")]


@pytest.mark.parametrize("name", ["cardiologist", " CARDIOLOGIST", "Cardiólogist"])
def test_a_specialization_is_listed_once(client, administrator, name):
    SpecializationFactory(name="Cardiologist")

    response = client.post(page("scheduling_specialization_add"), {"name": name})

    assert errors(response) == {"name": ["“Cardiologist” already exists."]}


def test_a_new_name_shows_on_the_doctors_page_at_once(client, administrator):
    doctor = DoctorFactory(specialization__name="Heart doctor")
    client.get(doctor.get_absolute_url())

    form = boxes_of(client.get(change_page(doctor.specialization))) | {"name": "Cardiologist"}
    client.post(change_page(doctor.specialization), form)

    assert "Cardiologist" in client.get(doctor.get_absolute_url()).text
    assert client.get("/doctors/?specialization=Cardiologist").context["page"].object_list[0].pk == doctor.pk


def test_a_specialization_in_use_is_not_deleted(client, administrator):
    used = DoctorFactory().specialization

    response = client.post(page("scheduling_specialization_delete", used.pk), {"post": "yes"})

    assert response.context["protected"] == ["doctors"]
    assert list(Specialization.objects.all()) == [used]


def test_an_unused_specialization_is_deleted(client, administrator):
    unused = SpecializationFactory()

    response = client.post(page("scheduling_specialization_delete", unused.pk), {"post": "yes"})

    assert said(response) == ["The specialization “Cardiology” was deleted successfully."]
    assert not Specialization.objects.exists()


def test_an_import_takes_a_specialization_of_the_list_in_any_spelling(client, administrator):
    doctor = DoctorFactory(registration_number="KMC-1", specialization__name="Neurologist")
    cardiologist = SpecializationFactory(name="Cardiologist")

    run_import(client, b"registration_number,specialization\nKMC-1, cardioLOGIST \n")

    doctor.refresh_from_db()
    assert doctor.specialization == cardiologist
    assert Specialization.objects.count() == 2


# --- from before the list


@pytest.fixture
def moved_back():
    """Doctors and a department, logged as they were, in the tables of the version before the list."""
    titles = ("Cardiologist", "Cardiologist", "Cardiologist", "Neurologist")
    doctors = [DoctorFactory(specialization__name=title) for title in titles]
    department = save_department_twice()
    migrate(BEFORE)
    with connection.cursor() as cursor:
        for doctor, title in zip(doctors, (" cardiologist ", *titles[1:]), strict=True):
            sql = "UPDATE scheduling_doctor SET specialization = %s WHERE id = %s"
            cursor.execute(sql, [title, doctor.pk])
    yield doctors, department
    migrate()


def save_department_twice() -> Department:
    return save_department(department=DepartmentFactory(), by=SYSTEM)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_typed_becomes_the_list(moved_back):
    doctors, department = moved_back

    migrate()

    kept = {doctor.pk: doctor.specialization.name for doctor in Doctor.objects.all()}
    assert [kept[doctor.pk] for doctor in doctors] == [*["Cardiologist"] * 3, "Neurologist"]
    assert Specialization.objects.count() == 2
    moved = Department.objects.get(pk=department.pk)
    assert moved.created_at <= moved.changed_at
    remade = ("scheduling.doctor", "scheduling.department", "scheduling.specialization")
    assert [finding for finding in findings() if finding["model"] in remade] == []
