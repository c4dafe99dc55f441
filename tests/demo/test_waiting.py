"""The demo has people who wait, a time that is offered, and another one for a visit that a leave broke."""

import pytest
from django.core.management import call_command

from scheduling.availability import outside_hours
from scheduling.models import Appointment, Offer, WaitingListEntry

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("O01")]


def test_people_wait_and_two_times_are_held():
    call_command("seed_demo", doctors=3, patients=12, appointments=40)

    assert Appointment.objects.count() == 40
    assert WaitingListEntry.objects.waiting().count() == 7
    listed, instead = Offer.objects.filter(status="open").order_by("displaced_id")
    assert listed.entry.is_of(listed.hold.doctor)
    assert (instead.displaced.status, instead.hold.status) == ("booked", "held")
    assert outside_hours(Appointment.objects.filter(status="booked")) == {instead.displaced_id}
