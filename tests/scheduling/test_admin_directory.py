"""Administrators manage departments."""

from datetime import time

import pytest

from scheduling.models import Department
from tests.factories import (
    DepartmentFactory,
    DoctorFactory,
)
from tests.scheduling.admin_day import (
    errors,
    list_page,
    page,
    said,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "administrator")]


# --- departments

DEPARTMENT = {
    "name": "Cardiology",
    "slug": "cardiology",
    "description": "",
    "opens_at": "08:00",
    "closes_at": "20:00",
    "is_active": "on",
}


@pytest.mark.feature("S01")
def test_a_department_is_added(client):
    response = client.post(page("scheduling_department_add"), DEPARTMENT)

    department = Department.objects.get()
    assert response.url == list_page(Department)
    assert (department.name, department.closes_at) == ("Cardiology", time(20))


@pytest.mark.feature("S01")
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"closes_at": "07:00"}, {"closes_at": ["This must be later than “Opens at”."]}),
        ({"closes_at": "08:00"}, {"closes_at": ["This must be later than “Opens at”."]}),
        ({"opens_at": "25:00"}, {"opens_at": ["Enter a valid time."]}),
        ({"name": ""}, {"name": ["This field is required."]}),
    ],
)
def test_a_department_with_wrong_hours_is_refused_at_the_field(client, change, refusal):
    response = client.post(page("scheduling_department_add"), DEPARTMENT | change)

    assert errors(response) == refusal
    assert Department.objects.count() == 0


@pytest.mark.feature("S01")
def test_deleting_a_department_in_use_is_refused_with_what_uses_it(client):
    department = DoctorFactory().department

    response = client.post(page("scheduling_department_delete", department.pk), {"post": "yes"})

    assert response.status_code == 200
    assert response.context["protected"] == ["doctors"]
    assert Department.objects.filter(pk=department.pk).exists()


@pytest.mark.feature("S01")
def test_deleting_a_department_that_came_into_use_meanwhile_says_so(client, monkeypatch):
    department = DoctorFactory().department
    monkeypatch.setattr("scheduling.admin.directory._users_of", lambda _row: [])

    response = client.post(page("scheduling_department_delete", department.pk), {"post": "yes"})

    assert said(response) == [f"{department} is in use and cannot be deleted: doctors."]
    assert Department.objects.filter(pk=department.pk).exists()


@pytest.mark.feature("S01")
def test_an_unused_department_is_deleted(client):
    department = DepartmentFactory()

    response = client.post(page("scheduling_department_delete", department.pk), {"post": "yes"})

    assert response.url == list_page(Department)
    assert not Department.objects.exists()
