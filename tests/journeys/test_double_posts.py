"""Every form is submitted twice, from the booking to the refund."""

import pytest

from billing.models import Invoice, Payment, Receipt, Refund
from scheduling.history import steps_of
from scheduling.models import Appointment
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]
NINE, TEN = "20261123T0800Z", "20261123T0900Z"


def twice(client, address: str, form: dict) -> list[str]:
    """The redirects of two identical posts."""
    return [client.post(address, form)["Location"] for _press in range(2)]


@pytest.mark.feature("S08")
@pytest.mark.feature("B08")
def test_booking_paying_moving_and_cancelling_twice_has_the_same_effect_as_once(
    client, django_capture_on_commit_callbacks
):
    doctor, patient = doctor_with_hours(), PatientFactory()
    client.force_login(carer_of(patient))

    booking_request = {"patient": patient.reference, "symptoms": "Cough", "key": "k" * 32}
    booked = twice(client, f"/book/{doctor.reference}/?at={NINE}", booking_request)
    visit = Appointment.objects.get()
    price = {"pay": "card", "key": "l" * 32, "total": "559.00"}
    started = twice(client, f"/book/{visit.reference}/check/", price)
    paid = twice(client, started[0], {"outcome": "paid"})
    own = f"/me/appointments/{visit.reference}/"
    moved = twice(client, f"{own}reschedule/", opened(client, f"{own}reschedule/?at={TEN}"))
    visit.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        cancelled = twice(client, f"{own}cancel/", opened(client, f"{own}cancel/"))

    for first, second in (booked, started, paid, moved, cancelled):
        assert first == second
    assert (visit.starts_at, visit.sequence) == (at(10), 1)
    counts = [model.objects.count() for model in (Appointment, Invoice, Payment, Receipt, Refund)]
    assert counts == [1, 1, 1, 1, 1]
    assert [step.status for step in steps_of(visit)] == ["held", "booked", "booked", "cancelled"]
    assert Refund.objects.get().amount == Payment.objects.get().amount
