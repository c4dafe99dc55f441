import threading

import pytest
from django.db import connections, transaction

from accounts.models import Counter, Patient
from accounts.particulars import Particulars
from accounts.services import next_mrns, register_patient
from hms.core.rights import SYSTEM
from tests.accounts.rows import PARTICULARS

pytestmark = pytest.mark.feature("A08")

THREADS, EACH = 8, 5


@pytest.mark.django_db
def test_mrn_has_a_fixed_width_and_counts_on():
    assert next_mrns(1) + next_mrns(1) == ["H000001", "H000002"]


@pytest.mark.django_db
def test_mrns_in_bulk_are_consecutive():
    Counter.objects.create(series="mrn", last=998)

    assert next_mrns(3) == ["H000999", "H001000", "H001001"]
    assert next_mrns(1) == ["H001002"]


@pytest.mark.django_db
def test_a_number_of_a_rolled_back_transaction_is_issued_again():
    with transaction.atomic():
        next_mrns(1)
        transaction.set_rollback(True)

    assert next_mrns(1) == ["H000001"]


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("series_exists", [True, False])
def test_concurrent_registrations_get_different_numbers(series_exists):
    if series_exists:
        Counter.objects.create(series="mrn")
    failures, start = [], threading.Barrier(THREADS)

    def register(number):
        try:
            start.wait()
            for turn in range(EACH):
                register_patient(
                    particulars=Particulars(**PARTICULARS | {"full_name": f"Patient {number} {turn}"}),
                    by=SYSTEM,
                )
        except Exception as failure:
            failures.append(repr(failure))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(Patient.objects.values_list("mrn", flat=True))
    assert failures == []
    assert numbers == [f"H{number:06}" for number in range(1, THREADS * EACH + 1)]
