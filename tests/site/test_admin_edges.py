"""Unauthorized and invalid addresses in the staff site."""

import pytest

from audit.models import AuditEvent
from hms.core.rights import SYSTEM
from scheduling.exceptions import TooLateToChange
from scheduling.models import Appointment
from scheduling.services import book_appointment, cancel_appointment
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked():
    return book_appointment(patient=PatientFactory(), doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)


@pytest.mark.feature("A04")
def test_a_doctors_access_to_anothers_patient_is_refused_and_logged(client, booked):
    doctor = doctor_with_hours(user=staff("doctor"))
    client.force_login(doctor.user)

    answer = client.get(f"/admin/accounts/patient/{booked.patient_id}/change/")

    assert answer.status_code == 302
    refused = AuditEvent.objects.get(action="read", model="accounts.patient")
    assert (refused.actor, refused.patient_id, refused.object_repr or refused.object_pk) == (
        doctor.user, booked.patient_id, str(booked.patient_id),
    )  # fmt: skip


@pytest.mark.feature("A04")
@pytest.mark.parametrize("key", ["999999", "x", "1'--"])
def test_a_request_for_a_missing_row_is_not_logged(client, key):
    client.force_login(doctor_with_hours(user=staff("doctor")).user)

    client.get(f"/admin/accounts/patient/{key}/change/")

    assert not AuditEvent.objects.filter(action="read").exists()


@pytest.mark.parametrize("year", ["0", "99999", "9" * 26])
@pytest.mark.parametrize(
    "page",
    [
        "scheduling/appointment/?starts_at",
        "billing/payment/?created_at",
        "billing/invoice/?created_at",
        "audit/auditevent/?recorded_at",
        "accounts/patient/?registered_at",
    ],
)
def test_an_impossible_year_in_the_address_is_a_wrong_address(client, page, year):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    answer = client.get(f"/admin/{page}__year={year}")

    assert answer.status_code == 400


@pytest.mark.feature("A07")
def test_a_carer_who_may_only_pay_does_not_see_the_symptoms(booked):
    payer = carer_of(booked.patient, may_book=False, may_see_records=False)
    reader = carer_of(booked.patient, may_book=False)

    assert list(Appointment.objects.visible_to(payer)) == []
    assert list(Appointment.objects.visible_to(reader)) == [booked]


@pytest.mark.feature("S11")
def test_a_patient_who_is_checked_in_cannot_cancel(booked):
    Appointment.objects.filter(pk=booked.pk).update(status="arrived")

    with pytest.raises(TooLateToChange):
        cancel_appointment(appointment=booked, by=carer_of(booked.patient))
