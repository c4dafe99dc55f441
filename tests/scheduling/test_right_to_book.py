"""One query checks the right to book and locks the patient."""

import threading

import pytest
from django.db import OperationalError, connection, connections, transaction

from accounts.models import Guardianship, Patient, User
from hms.core.refusals import NotAllowed
from scheduling.services.permissions import lock_patient_to_book
from tests.factories import PatientFactory, carer_of

pytestmark = pytest.mark.feature("A08")


def is_free(model, pk: int) -> bool:
    """Whether another connection can lock the row now."""
    free = []

    def try_it():
        try:
            with transaction.atomic():
                free.extend(model.objects.select_for_update(nowait=True).filter(pk=pk).values_list("pk"))
        except OperationalError:
            pass
        finally:
            connections.close_all()

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    return bool(free)


@pytest.mark.django_db
def test_a_login_closed_during_the_request_books_nothing():
    patient = PatientFactory()
    carer = carer_of(patient)
    User.objects.filter(pk=carer.pk).update(is_active=False)

    with pytest.raises(NotAllowed):
        lock_patient_to_book(carer, patient.pk)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one lock, for the whole file")
@pytest.mark.django_db(transaction=True)
def test_the_patient_and_the_guardianship_are_locked_and_nobody_else():
    patient, other = PatientFactory(), PatientFactory()
    carer = carer_of(patient)
    guardianship = Guardianship.objects.get(user=carer)
    rows = [(Patient, patient.pk), (Guardianship, guardianship.pk), (User, carer.pk), (Patient, other.pk)]

    with transaction.atomic():
        lock_patient_to_book(carer, patient.pk)
        free = [is_free(model, pk) for model, pk in rows]

    assert free == [False, False, True, True]
