"""Two concurrent saves of the same version: one is saved, the other shows an edit conflict."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Patient
from tests.accounts.rows import carer, own_patient
from tests.factories import PatientFactory, UserFactory, staff
from tests.opened import opened
from tests.racing import race

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.feature("A06"),
    pytest.mark.django_db(transaction=True),
]
WRITERS = 4


def sender(client: Client, page: str, city: str) -> Callable[[], str]:
    answers = opened(client, page) | {"city": city}
    return lambda: str(client.post(page, answers).status_code)


def browsers(people, client_of) -> list[Client]:
    return [client_of(person) for person in people]


@pytest.mark.parametrize("_round", range(2))
def test_of_two_desks_that_save_at_once_one_succeeds(client_of, _round):
    patient = PatientFactory(city="Mysuru")
    page = f"/admin/accounts/patient/{patient.pk}/change/"
    desks = browsers([staff("receptionist") for _desk in range(WRITERS)], client_of)

    outcomes = race(*(sender(desk, page, f"City {number}") for number, desk in enumerate(desks)))

    assert outcomes == {"302": 1, "409": WRITERS - 1}
    assert Patient.objects.get().city.startswith("City")


@pytest.mark.parametrize("_round", range(2))
def test_of_two_carers_that_save_at_once_one_succeeds(client_of, _round):
    own = UserFactory()
    patient = own_patient(own, street="1 Road", city="Mysuru", state="Karnataka", postcode="560025")
    others = [carer(UserFactory(), patient).user for _other in range(WRITERS - 1)]
    page = f"/me/profile/{patient.reference}/"

    outcomes = race(
        *(sender(one, page, f"City {n}") for n, one in enumerate(browsers([own, *others], client_of)))
    )

    assert outcomes == {"302": 1, "409": WRITERS - 1}
