"""An access is found by its patients even if its entry had to take another key."""

import pytest

from audit.capture.reads import log_reads, note, noted_reads
from audit.capture.recorder import Entry, Subject, write
from audit.models import Action, AuditSubject
from hms.core.transactions import retried_atomic
from tests.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U03")]


def test_patients_follow_an_entry_whose_key_was_taken(log, monkeypatch):
    patients = [PatientFactory(), PatientFactory()]
    taken = write([Entry(Action.PRINT, Subject())])[0]
    monkeypatch.setattr("audit.capture.recorder.new_key", lambda: taken.pk)
    with noted_reads() as seen:
        note(patients)

    event = retried_atomic(log_reads)(seen)

    assert event.pk != taken.pk
    assert set(AuditSubject.objects.values_list("event_id", "patient_id")) == {
        (event.pk, patient.pk) for patient in patients
    }
