from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from hms.api.models import KeptAnswer
from hms.api.services import begin_once, forget_answers
from hms.core.jobs import jobs
from scheduling.models import Appointment
from tests.accounts.rows import own_patient
from tests.api.calls import Caller, token_of, told
from tests.api.test_tokens import RIGHT, confirmed
from tests.api.test_users import ASHA
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("I02")]

KEY = {"Idempotency_Key": "one"}


@pytest.fixture
def call():
    return Caller(carer_of(PatientFactory()))


def wanted(doctor, **more) -> dict:
    return {"doctor": doctor.reference, "starts_at": at(9).isoformat(), "pay": "desk"} | more


@pytest.mark.usefixtures("sunday_noon")
class TestBookings:
    def test_the_same_key_and_body_get_the_same_answer(self, call):
        doctor = doctor_with_hours()

        first, again = (call.post("bookings/", wanted(doctor), **KEY) for _time in range(2))

        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert (first["Location"], again["Content-Type"]) == (again["Location"], first["Content-Type"])
        assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
        assert Appointment.objects.count() == 1

    def test_a_conflict_stays_one(self, call):
        doctor = doctor_with_hours()
        other = Caller(carer_of(PatientFactory()))
        taken = other.post("bookings/", wanted(doctor)).json()["ref"]

        first = call.post("bookings/", wanted(doctor), **KEY)
        other.delete(f"bookings/{taken}/")
        again = call.post("bookings/", wanted(doctor), **KEY)

        assert told(first) == told(again) == (409, "slot_taken")

    def test_an_answer_that_got_lost_before_it_was_kept_is_found_again(self, call):
        doctor = doctor_with_hours()
        first = call.post("bookings/", wanted(doctor), **KEY)
        KeptAnswer.objects.all().delete()

        again = call.post("bookings/", wanted(doctor), **KEY)

        assert again.json() == first.json()


def test_the_same_key_with_another_body_or_address_is_refused(call):
    call.post("auth/logout/", {}, **KEY)

    def again(path, body):
        return told(Caller(User.objects.get()).post(path, body, **KEY))

    assert again("auth/logout/", {"refresh": "x"}) == (422, "key_reused")
    assert again("bookings/", {}) == (422, "key_reused")


def test_a_body_is_the_same_in_another_order(call):
    doctor = doctor_with_hours()
    one = wanted(doctor)

    answers = [
        call.post("bookings/", dict(body), **KEY).status_code for body in (one.items(), reversed(one.items()))
    ]

    assert answers == [201, 201]


def test_a_request_that_was_not_carried_out_may_be_mended_under_its_key(call):
    doctor = doctor_with_hours()

    wrong = call.post("bookings/", wanted(doctor, pay="tea"), **KEY)
    right = call.post("bookings/", wanted(doctor), **KEY)

    assert (wrong.status_code, right.status_code) == (400, 201)


def test_the_same_key_of_two_logins_is_two_keys(call):
    other = Caller(carer_of(PatientFactory()))
    doctor = doctor_with_hours(capacity=2)

    refs = {each.post("bookings/", wanted(doctor), **KEY).json()["ref"] for each in (call, other)}

    assert len(refs) == 2


def test_a_registration_takes_effect_once_and_its_answer_comes_again():
    first, again = (Caller().post("users/", ASHA, **KEY) for _time in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    assert User.objects.count() == 1
    assert told(Caller().post("users/", ASHA | {"password": "another quiet heron"}, **KEY)) == (
        422,
        "key_reused",
    )


def test_answers_that_come_again_count_with_the_requests_of_a_login(call, settings):
    settings.API = settings.API | {"requests_a_minute_of_a_login": 3}
    doctor = doctor_with_hours()

    answers = [call.post("bookings/", wanted(doctor), **KEY) for _time in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert (told(answers[3])[1], 1 <= int(answers[3]["Retry-After"]) <= 61) == ("throttled", True)
    assert Appointment.objects.count() == 1


def test_lost_tokens_come_again_and_are_not_taken_for_a_copy():
    confirmed(UserFactory(email="asha@example.org"))
    call = Caller()
    given = call.post("auth/token/", RIGHT).json()

    first, again = (
        call.post("auth/token/refresh/", {"refresh": given["refresh"]}, **KEY).json() for _time in range(2)
    )

    assert first == again
    assert call.get("users/me/", Authorization=f"Bearer {again['access']}").status_code == 200


def test_nothing_of_an_answer_can_be_read_in_the_database():
    Caller().post("users/", ASHA, **KEY)

    (row,) = KeptAnswer.objects.values()
    assert "asha" not in repr(row).lower()


def test_an_answer_is_not_given_to_a_login_that_has_ended():
    user = UserFactory()
    own_patient(user)
    token = token_of(user)
    call = Caller()
    doctor = doctor_with_hours()
    call.post("bookings/", wanted(doctor), Authorization=f"Bearer {token}", **KEY)
    User.objects.update(is_active=False)

    again = call.post("bookings/", wanted(doctor), Authorization=f"Bearer {token}", **KEY)

    assert told(again) == (401, "token_not_valid")


@pytest.mark.parametrize("key", ["", "x" * 256, "zwei Worte", "é"])
def test_a_key_that_is_none_is_refused(call, key):
    assert told(call.post("bookings/", {}, Idempotency_Key=key)) == (400, "key_invalid")


def test_a_second_request_waits_for_the_first_and_takes_over_from_one_that_never_ended(call):
    by = User.objects.get()
    begin_once(key="one", request=b"x", by=by)

    with pytest.raises(Exception, match="has not been answered"):
        begin_once(key="one", request=b"x", by=by)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert isinstance(begin_once(key="one", request=b"x", by=by), KeptAnswer)


def test_answers_are_deleted_after_a_day(call):
    call.post("users/", ASHA, **KEY)
    begin_once(key="old", request=b"x", by=User.objects.earliest("pk"))
    KeptAnswer.objects.filter(answer=None).update(begun_at=timezone.now() - timedelta(hours=25))

    assert jobs["forget-answers"].run() == "1 answers deleted"
    assert (KeptAnswer.objects.count(), forget_answers()) == (1, 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once_books_once():
    doctor = doctor_with_hours()
    user = carer_of(PatientFactory())
    token = f"Bearer {token_of(user)}"
    body = wanted(doctor)

    def book() -> str:
        answer = Caller().post("bookings/", body, Authorization=token, **KEY)
        return str(told(answer)) if answer.status_code != 201 else f"201 {answer.json()['ref']}"

    outcomes = race(*[book] * 6)
    booked = f"201 {Appointment.objects.get().reference}"

    assert set(outcomes) <= {booked, "(409, 'in_progress')"}
    assert book() == booked
