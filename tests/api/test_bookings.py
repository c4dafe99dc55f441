import pytest

from audit.models import Action, AuditEvent
from scheduling.models import Appointment
from scheduling.services import book_appointment
from tests.api.calls import Caller, told
from tests.factories import (
    GuardianshipFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    UserFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("I01")]


@pytest.fixture
def doctor():
    return doctor_with_hours(full_name="Dr Asha Rao")


@pytest.fixture
def patient():
    return PatientFactory(full_name="Sunita Deshpande")


@pytest.fixture
def sunita(patient):
    return carer_of(patient)


@pytest.fixture
def call(sunita):
    return Caller(sunita)


def wanted(doctor, starts_at=None, **more) -> dict:
    return {"doctor": doctor.reference, "starts_at": (starts_at or at(9)).isoformat(), "pay": "desk"} | more


def test_a_patient_books_a_free_time(call, doctor, patient):
    answer = call.post("bookings/", wanted(doctor, symptoms="Cough"))

    booked = Appointment.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver/api/v1/bookings/{booked.reference}/"
    assert answer.json() == call.get(f"bookings/{booked.reference}/").json()
    assert answer.json() == answer.json() | {
        "ref": booked.reference,
        "status": "booked",
        "starts_at": "2026-11-23T09:00:00+01:00",
        "patient": {"ref": patient.reference, "mrn": patient.mrn, "full_name": "Sunita Deshpande"},
        "symptoms": "Cough",
    }
    assert (booked.source, booked.invoices.count()) == ("api", 1)


def test_online_holds_the_time_until_it_is_paid(call, doctor):
    held = call.post("bookings/", wanted(doctor, pay="online")).json()

    assert (held["status"], held["held_until"]) == ("held", "2026-11-22T12:10:00+01:00")


@pytest.mark.parametrize(
    "typed",
    ["2026-11-23T08:00:00Z", "2026-11-23T13:30:00+05:30", "2026-11-23T09:00", "23/11/2026 09:00:00"],
)
def test_a_moment_is_understood_with_its_offset_and_day_first_in_the_hospitals_time(call, doctor, typed):
    booked = call.post("bookings/", wanted(doctor) | {"starts_at": typed}).json()

    assert booked["starts_at"] == "2026-11-23T09:00:00+01:00"


@pytest.mark.parametrize("typed", ["tomorrow", "31/02/2026 09:00:00", "", 5, None, ["x"]])
def test_what_is_no_moment_is_refused_at_its_field(call, doctor, typed):
    answer = call.post("bookings/", wanted(doctor) | {"starts_at": typed})

    assert told(answer) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["starts_at"]


def test_refusals_have_the_codes_of_the_contract(call, doctor):
    other = Caller(carer_of(PatientFactory()))
    other.post("bookings/", wanted(doctor))
    ScheduleExceptionFactory(doctor=doctor, starts_at=at(0, days=3), ends_at=at(0, days=4))

    answers = {
        "taken": call.post("bookings/", wanted(doctor)),
        "between": call.post("bookings/", wanted(doctor, at(9, 10))),
        "leave": call.post("bookings/", wanted(doctor, at(9, days=3))),
        "far": call.post("bookings/", wanted(doctor, at(9, days=60))),
        "past": call.post("bookings/", wanted(doctor, at(9, days=-1))),
        "nobody": call.post("bookings/", wanted(doctor) | {"doctor": "ZZZZZZZZZZ"}),
    }

    assert {name: told(answer) for name, answer in answers.items()} == {
        "taken": (409, "slot_taken"),
        "between": (400, "not_offered"),
        "leave": (400, "not_offered"),
        "far": (400, "beyond_horizon"),
        "past": (400, "not_offered"),
        "nobody": (404, "not_found"),
    }
    assert answers["leave"].json()["reason"] == "leave"
    assert answers["taken"].json()["errors"]["starts_at"][0]["code"] == "slot_taken"


def test_a_login_books_for_those_in_its_care_and_for_nobody_else(call, sunita, doctor):
    child = GuardianshipFactory(user=sunita, relation="child").patient
    watched = GuardianshipFactory(user=sunita, relation="other", may_book=False).patient
    stranger = PatientFactory()

    answers = [
        call.post("bookings/", wanted(doctor, patient=patient.reference))
        for patient in (child, watched, stranger)
    ]

    assert answers[0].json()["patient"]["ref"] == child.reference
    assert [told(answer) for answer in answers[1:]] == [(403, "not_allowed"), (404, "not_found")]
    assert AuditEvent.objects.filter(outcome="refused", patient_id=stranger.pk).count() == 1


def test_a_login_without_own_patient_must_say_for_whom(doctor):
    answer = Caller(UserFactory()).post("bookings/", wanted(doctor))

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), ["patient"])


def test_the_desk_books_for_any_patient_without_reading_symptoms(doctor, patient):
    answer = Caller(staff("receptionist")).post(
        "bookings/", wanted(doctor, patient=patient.reference, symptoms="Cough")
    )

    assert (answer.status_code, answer.json()["symptoms"]) == (201, None)


@pytest.fixture
def booked(doctor, patient, sunita):
    return book_appointment(patient=patient, doctor=doctor, starts_at=at(9), symptoms="Cough", by=sunita)


@pytest.mark.parametrize("method", ["patch", "put"])
def test_a_booking_is_moved_edited_and_cancelled(call, booked, method):
    path = f"bookings/{booked.reference}/"

    moved = call(method, path, {"starts_at": at(10).isoformat()})
    edited = call(method, path, {"symptoms": "Fever"})
    cancelled = call(method, path, {"status": "cancelled"})

    assert moved.json()["starts_at"] == "2026-11-23T10:00:00+01:00"
    assert edited.json()["symptoms"] == "Fever"
    assert cancelled.json()["status"] == "cancelled"
    assert call(method, path, {"status": "cancelled"}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{}, {"status": "booked"}, {"status": "completed"}, {"symptoms": "x", "status": "cancelled"}, []],
)
def test_any_other_change_is_refused(call, booked, change):
    assert told(call.patch(f"bookings/{booked.reference}/", change)) == (400, "invalid")
    booked.refresh_from_db()
    assert (booked.status, booked.symptoms) == ("booked", "Cough")


def test_a_deleted_booking_is_cancelled_and_leaves_the_list_of_the_login_alone(
    call, booked, sunita, patient, client_of
):
    other = UserFactory()
    GuardianshipFactory(user=other, patient=patient, relation="spouse")
    path = f"bookings/{booked.reference}/"

    answers = [call.delete(path).status_code, call.delete(path).status_code]

    booked.refresh_from_db()
    assert (answers, booked.status) == ([204, 204], "cancelled")
    assert call.get("bookings/").json()["results"] == []
    assert call.get(path).json()["status"] == "cancelled"
    pages = [client_of(user).get("/me/appointments/?show=cancelled").text for user in (sunita, other)]
    assert [booked.reference in page for page in pages] == [False, True]
    assert [row["ref"] for row in Caller(other).get("bookings/").json()["results"]] == [booked.reference]


def test_a_booking_that_cannot_be_cancelled_any_more_stays_on_the_list(call, booked):
    Appointment.objects.filter(pk=booked.pk).update(starts_at=at(13, days=0), ends_at=at(14, days=0))

    assert told(call.delete(f"bookings/{booked.reference}/")) == (409, "too_late_to_change")
    assert call.get("bookings/").json()["count"] == 1


def test_bookings_of_others_do_not_exist_and_each_attempt_is_logged(booked):
    stranger = carer_of(PatientFactory())
    call, path = Caller(stranger), f"bookings/{booked.reference}/"

    answers = [
        told(call.get(path)),
        told(call.patch(path, {"status": "cancelled"})),
        told(call.put(path, {"status": "cancelled"})),
        told(call.delete(path)),
    ]

    assert answers == [(404, "not_found")] * 4
    assert call.get("bookings/").json()["count"] == 0
    refused = AuditEvent.objects.filter(actor=stranger, outcome="refused", patient_id=booked.patient_id)
    assert [entry.source for entry in refused] == ["api"] * 4
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_the_list_is_filtered(call, booked, doctor, patient, sunita):
    book_appointment(patient=patient, doctor=doctor_with_hours(), starts_at=at(11, days=5), by=sunita)
    first = booked.reference

    def refs(query: str) -> int:
        return [row["ref"] == first for row in call.get(f"bookings/?{query}").json()["results"]]

    assert refs("") == [False, True]
    assert refs(f"doctor={doctor.reference}") == refs("to=2026-11-23") == [True]
    assert refs("from=2026-11-24") == [False]
    assert refs("status=cancelled&status=held") == []
    assert told(call.get("bookings/?from=yesterday")) == (400, "invalid")
    assert told(call.get("bookings/?status=x")) == (400, "invalid")


def test_a_list_is_one_line_of_the_log(call, booked, doctor, patient, sunita):
    book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=sunita)

    call.get("bookings/")

    entry = AuditEvent.objects.get(action=Action.READ)
    assert (entry.source, entry.origin) == ("api", "GET /api/v1/bookings/")
    assert entry.details["shown"] == {"scheduling.appointment": 2}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    rows, call, doctor, patient, sunita, django_assert_num_queries
):
    for hour in range(9, 9 + rows):
        book_appointment(patient=patient, doctor=doctor, starts_at=at(hour), by=sunita)

    with django_assert_num_queries(8):
        assert len(call.get("bookings/").json()["results"]) == rows
