"""Claims are inserted without a savepoint; a refusal half-way leaves none."""

from datetime import time

import pytest

from hms.core.rights import SYSTEM
from scheduling.exceptions import PatientBusy
from scheduling.models import PatientClaim, SlotClaim
from scheduling.services import book_appointment
from scheduling.services.claims import claim_time, release_time
from tests.factories import PatientFactory, at, doctor_with_hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("S10")]


def test_claims_of_a_busy_patient_are_refused_as_a_whole():
    patient, elsewhere = PatientFactory(), doctor_with_hours(time(9, 15), time(12))
    book_appointment(patient=patient, doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)
    second = book_appointment(patient=PatientFactory(), doctor=elsewhere, starts_at=at(9, 15), by=SYSTEM)
    release_time(second)
    second.patient = patient

    with pytest.raises(PatientBusy):
        claim_time(second)

    assert not SlotClaim.objects.filter(appointment=second).exists()
    assert not PatientClaim.objects.filter(appointment=second).exists()
