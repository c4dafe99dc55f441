import pytest
import time_machine
from django.core.management import CommandError, call_command

from hms.core.rights import SYSTEM
from scheduling.models import Appointment, SlotClaim
from scheduling.services import book_appointment, hold_slot
from tests.factories import PatientFactory, at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S10")]


def test_the_command_ends_expired_holds_and_deletes_only_old_claims(capsys):
    doctor = doctor_with_hours()
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    hold_slot(patient=PatientFactory(), doctor=doctor, starts_at=at(10), by=SYSTEM)
    coming = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9, days=20), by=SYSTEM)

    with time_machine.travel(at(12, days=10)):
        call_command("purge_claims")

    assert capsys.readouterr().out == "1 holds ended, 12 claims of past time deleted.\n"
    assert set(SlotClaim.objects.values_list("appointment", flat=True)) == {coming.pk}
    assert Appointment.objects.count() == 3


def test_the_command_never_touches_today():
    with pytest.raises(CommandError, match="at least 1"):
        call_command("purge_claims", days=0)
