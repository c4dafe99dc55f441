"""A page of the staff site links only rows that its reader may open."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from clinical.services import record_allergy
from hms.core.changelist import HospitalModelAdmin
from scheduling.services import book_appointment
from tests.clinical.rows import PENICILLIN
from tests.factories import GuardianshipFactory, PatientFactory, at, doctor_with_hours, staff
from tests.owned import make_household

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]
ROW = re.compile(r'<a href="(/admin/\w+/\w+/\d+/change/)">([^<]*)</a>')


@pytest.fixture
def booked():
    desk = staff("receptionist", full_name="Dina Desk")
    doctor = doctor_with_hours(user=staff("doctor"))
    return book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=desk)


def page_of(client, user, row) -> str:
    client.force_login(user)
    return client.get(
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    ).text


@pytest.mark.parametrize(
    ("role", "is_link"), [("doctor", False), ("receptionist", False), ("administrator", True)]
)
def test_who_booked_is_a_link_only_for_those_who_may_open_the_login(client, booked, role, is_link):
    reader = booked.doctor.user if role == "doctor" else staff(role)

    page = page_of(client, reader, booked)

    link = f'<a href="/admin/accounts/user/{booked.booked_by_id}/change/">Dina Desk</a>'
    assert "Dina Desk" in page
    assert (link in page) == is_link


def test_the_desk_may_open_the_login_of_a_carer_who_booked(client, booked):
    carer = GuardianshipFactory(patient=booked.patient, user__full_name="Carla Carer").user
    type(booked).objects.filter(pk=booked.pk).update(booked_by=carer)

    assert f'href="/admin/accounts/user/{carer.pk}/change/"' in page_of(client, staff("receptionist"), booked)


def test_who_recorded_an_allergy_is_a_name_without_a_link_for_another_doctor(client, booked):
    allergy = record_allergy(patient=booked.patient, **PENICILLIN, by=booked.doctor.user)

    page = page_of(client, booked.doctor.user, allergy)

    assert str(booked.doctor.user) in page
    assert ROW.findall(page) == [
        (f"/admin/accounts/patient/{booked.patient_id}/change/", str(booked.patient))
    ]


def test_every_link_to_a_row_opens_for_every_role(client):
    household = make_household()
    readers = [household.doctor.user, staff("receptionist"), staff("billing_clerk"), staff("nurse")]
    rows = [household.patient, household.doctor, *household.rows]

    dead = {
        (reader.email, link)
        for reader in readers
        for row in rows
        if type(row) in admin.site._registry
        for link, _name in ROW.findall(page_of(client, reader, row))
        if client.get(link).status_code != 200
    }

    assert dead == set()


def test_every_admin_class_of_the_staff_site_makes_its_links_this_way():
    others = [one for one in admin.site._registry.values() if not isinstance(one, HospitalModelAdmin)]

    assert others == []
