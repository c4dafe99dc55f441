"""Who comes by somebody else's reference gets nothing by it: every address that takes one answers 404."""

from dataclasses import dataclass

import pytest

from accounts.models import Guardianship, User
from billing.models import Invoice
from tests.addresses import REFERENCE, addresses
from tests.billing.rows import booked, held, paid, started
from tests.factories import GuardianshipFactory, PatientFactory, at, carer_of, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# page: whose reference it takes
TAKES = {
    "accounts:edit-patient": "patient",
    "accounts:revoke-care": "guardianship",
    "billing:check-booking": "hold",
    "billing:pay-bill": "open bill",
    "billing:pay-simulated": "open payment",
    "billing:show-payment": "open payment",
    "billing:show-receipt": "payment",
    "billing:download-receipt": "payment",
    "scheduling:show-confirmation": "visit",
    "scheduling:show-appointment": "visit",
    "scheduling:edit-symptoms": "visit",
    "scheduling:reschedule": "visit",
    "scheduling:cancel": "visit",
    "scheduling:download-calendar": "visit",
}
# A doctor's reference is public.
OF_DOCTORS = {"scheduling:start-booking", "site:book-now"}
PRIVATE = {
    name: address
    for name, address in addresses()
    if REFERENCE in address and address.startswith(("/me/", "/pay/", "/book/"))
}


@dataclass
class Household:
    """Somebody who cares for a patient, with one of everything that has a reference."""

    carer: User
    references: dict[str, str]


@pytest.fixture
def household() -> Household:
    doctor = doctor_with_hours()
    visit, hold = booked(at(9), doctor), held(at(10), doctor)
    payer, late = held(at(11), doctor), held(at(11, 30), doctor)
    carer = carer_of(visit.patient)
    for scene in (hold, payer, late):
        GuardianshipFactory(user=carer, patient=scene.patient, relation="parent")
    guardianship = Guardianship.objects.get(user=carer, patient=hold.patient)
    return Household(
        carer,
        {
            "patient": visit.patient.reference,
            "guardianship": guardianship.reference,
            "hold": hold.visit.reference,
            "visit": visit.visit.reference,
            "open bill": Invoice.objects.get(appointment=visit.visit).reference,
            "open payment": started(late, "key-00000002").reference,
            "payment": paid(payer).reference,
        },
    )


def address_of(name: str, household: Household) -> str:
    return PRIVATE[name].replace(REFERENCE, household.references[TAKES[name]])


def test_every_address_that_takes_a_reference_is_in_the_table():
    assert set(PRIVATE) - OF_DOCTORS == set(TAKES)


@pytest.mark.parametrize("name", TAKES)
def test_it_opens_for_whose_it_is(client, household, name):
    client.force_login(household.carer)

    assert client.get(address_of(name, household)).status_code in (200, 302)


@pytest.mark.parametrize("name", TAKES)
def test_it_does_not_exist_for_anybody_else(client, household, name):
    address = address_of(name, household)
    former = carer_of(*[guardianship.patient for guardianship in household.carer.guardianships.all()])
    Guardianship.objects.filter(user=former).update(revoked_at=at(9, days=-1))
    strangers = [carer_of(PatientFactory()), former, staff("lab_technician"), staff("auditor")]

    answers = {}
    for stranger in strangers:
        client.force_login(stranger)
        answers[stranger.pk] = [ask(address).status_code for ask in (client.get, client.head)]

    assert answers == {stranger.pk: [404, 404] for stranger in strangers}


@pytest.mark.parametrize("name", TAKES)
def test_nothing_is_done_to_it_by_anybody_else(client, household, name):
    stranger = carer_of(PatientFactory())
    client.force_login(stranger)
    before = state_of(household)

    answer = client.post(address_of(name, household), {"outcome": "paid", "pay": "desk", "reason": "x"})

    assert answer.status_code in (404, 405)
    assert state_of(household) == before


def state_of(household: Household) -> list:
    """What a stranger could have changed: statuses, and who cares for whom."""
    guardianships = Guardianship.objects.filter(user=household.carer).values_list("pk", "revoked_at")
    bills = Invoice.objects.values_list("pk", "status", "appointment__status", "payments__status")
    return [*guardianships.order_by("pk"), *bills.order_by("pk")]
