import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.test import Client

from accounts.models import Guardianship, Patient, User
from tests.accounts.answers import SIGN_UP

THREADS = 6


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.feature("A01")
@pytest.mark.django_db(transaction=True)
def test_of_concurrent_sign_ups_with_one_address_one_succeeds_and_the_others_are_refused():
    answers, start = [], threading.Barrier(THREADS)

    def sign_up():
        try:
            start.wait()
            page = Client().post("/accounts/signup/", SIGN_UP)
            answers.append(page.context["form"].errors if page.status_code == 200 else page.url)
        except Exception as failure:
            answers.append(repr(failure))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign_up) for _thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    told = "There is already an account with this e-mail address. Log in or reset the password."
    assert answers.count("/accounts/confirm-email/") == 1
    assert answers.count({"email": [told]}) == THREADS - 1
    rows = [table.objects.count() for table in (User, Patient, Guardianship, EmailAddress)]
    assert rows == [1, 1, 1, 1]
