"""Extra places: where they are offered, who takes them, and that there are never too many."""

from contextlib import suppress
from datetime import time

import pytest

from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.availability import BookingTerms
from scheduling.exceptions import NoExtraPlace
from scheduling.models import Appointment, NoShowModel, OverbookingRule, SlotClaim
from scheduling.moments import compact
from scheduling.no_show.logistic import NAMES
from scheduling.services import activate_no_show_model, book_appointment, book_extra_place, cancel_appointment
from scheduling.services.extra_places import extra_places
from scheduling.statuses import HOLDING
from tests.factories import PatientFactory, ScheduleExceptionFactory, at, doctor_with_hours, staff
from tests.racing import race
from tests.scheduling.admin_day import visit
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S20")]
HALF, NEVER = 0.0, -30.0


def everybody_misses(intercept: float) -> None:
    """A model by which every patient misses with the same probability: 0.0 is one half."""
    coefficients = dict.fromkeys(NAMES, 0.0) | {"intercept": intercept}
    row = {"name": "Constant", "coefficients": coefficients, "data_until": at(0).date(), "visits": 1}
    activate_no_show_model(model=NoShowModel.objects.create(**row), by=SYSTEM)


@pytest.fixture
def doctor():
    """Six half hours from nine to twelve, tomorrow all taken."""
    doctor = doctor_with_hours(time(9), time(12))
    everybody_misses(HALF)
    return doctor


@pytest.fixture
def full(doctor):
    for number in range(6):
        visit(doctor, 9 + number // 2, 30 * (number % 2), days=1)
    return doctor


def allow(doctor, extra_places: int = 1, risk: int = 30) -> OverbookingRule:
    return OverbookingRule.objects.create(doctor=doctor, extra_places=extra_places, most_risk_percent=risk)


def offered(doctor, *, by=SYSTEM, patient=None, kind="", days=1) -> list:
    return extra_places(
        doctor=doctor,
        day=at(9, days=days).date(),
        patient=patient or PatientFactory(),
        visit_kind=kind,
        terms=BookingTerms.for_staff(),
        by=by,
    )


def take(doctor, starts_at=None, *, by=SYSTEM, **more) -> Appointment:
    booking = {"patient": PatientFactory(), "starts_at": starts_at or at(9)} | more
    return book_extra_place(doctor=doctor, by=by, **booking)


def test_nothing_is_offered_without_a_rule_for_the_doctor_or_where_everybody_is_expected(full):
    assert offered(full) == []
    allow(full, extra_places=10)
    everybody_misses(NEVER)
    assert offered(full) == []
    with pytest.raises(NoExtraPlace):
        take(full)


def test_a_full_session_offers_one_time_with_what_is_expected_of_it(full):
    allow(full)

    [place] = offered(full)

    assert place.slot.starts_at == at(9)
    assert (place.places, place.expected) == (6, 3.5)
    assert place.risk == pytest.approx(0.5**7)


def test_nothing_is_offered_while_the_session_has_a_free_time(doctor):
    allow(doctor)
    for hour in (9, 10, 11):
        visit(doctor, hour, days=1)

    assert offered(doctor) == []


def test_the_accepted_risk_is_a_limit_too(full):
    """With eight patients of even chances the risk that seven or eight come is 9/256, about 3.5 %."""
    rule = allow(full, extra_places=10, risk=4)
    take(full)
    [place] = offered(full)

    OverbookingRule.objects.filter(pk=rule.pk).update(most_risk_percent=3)

    assert place.risk == pytest.approx(9 / 256)
    assert offered(full) == []


def test_the_rule_caps_the_extra_places_also_with_those_given_for_other_reasons(full):
    allow(full, extra_places=2)
    book_appointment(
        patient=PatientFactory(), doctor=full, starts_at=at(9), overbooking_reason="In pain", by=SYSTEM
    )
    [place] = offered(full)

    taken = take(full, place.slot.starts_at)

    assert place.slot.starts_at == at(9, 30)  # the time with the fewest patients
    assert (taken.seat, taken.overbooking_reason[:11]) == (1, "Extra place")
    assert offered(full) == []


def test_only_the_time_that_is_offered_can_be_taken(full):
    allow(full)

    with pytest.raises(NoExtraPlace):
        take(full, at(10))

    assert take(full, at(9)).starts_at == at(9)


def test_a_place_that_has_been_given_is_closed_when_somebody_cancels(full):
    allow(full)
    take(full)
    cancel_appointment(appointment=Appointment.objects.get(starts_at=at(10)), reason="", by=SYSTEM)

    assert offered(full) == []  # ten o'clock is free for anybody
    with pytest.raises(NoExtraPlace):
        take(full, at(9, 30))


def test_those_who_may_not_overbook_are_offered_nothing_and_cannot_take_it(full):
    allow(full)
    for role in ("nurse", "doctor", "billing_clerk"):
        assert offered(full, by=staff(role)) == []
        with pytest.raises(NotAllowed):
            take(full, by=staff(role))

    assert len(offered(full, by=staff("receptionist"))) == 1


def test_a_repeated_request_returns_the_first_booking(full):
    allow(full)
    patient = PatientFactory()

    first, second = (take(full, patient=patient, idempotency_key="k1") for _time in range(2))

    assert first == second
    assert Appointment.objects.filter(doctor=full).count() == 7


def test_morning_and_evening_are_two_sessions_and_leave_closes_its_part(full):
    allow(full)
    ScheduleExceptionFactory(doctor=full, starts_at=at(10), ends_at=at(10, 30))

    first, second = offered(full)

    assert (first.places, first.slot.starts_at) == (2, at(9))
    assert (second.places, second.slot.starts_at) == (3, at(10, 30))


def test_a_visit_of_several_times_takes_as_many_places():
    everybody_misses(HALF)
    doctor = doctor_with_hours(time(9), time(11), first_visit_slots=2)
    allow(doctor, extra_places=2)
    for hour in (9, 10):
        visit(doctor, hour, days=1, visit_kind="first")

    [place] = offered(doctor, kind="first")

    assert (place.places, place.expected) == (4, 3.0)
    assert place.risk == pytest.approx(1 / 8)
    take(doctor, place.slot.starts_at, visit_kind="first")
    assert offered(doctor, kind="follow_up") == []


def test_offers_take_the_same_queries_for_any_number_of_patients(django_assert_num_queries):
    everybody_misses(HALF)
    short, long = doctor_with_hours(time(9), time(9, 30)), doctor_with_hours(time(9), time(12))
    for doctor, slots in ((short, 1), (long, 6)):
        allow(doctor)
        for number in range(slots):
            visit(doctor, 9 + number // 2, 30 * (number % 2), days=1)
    patient = PatientFactory()

    for doctor in (short, long):
        with django_assert_num_queries(10):
            offered(doctor, patient=patient)


def test_the_desk_is_shown_the_place_and_books_it(client, full):
    allow(full)
    patient = PatientFactory()
    day = at(9).date().isoformat()
    address = (
        f"/admin/scheduling/appointment/add/?patient={patient.reference}&doctor={full.reference}&day={day}"
    )
    client.force_login(staff("receptionist"))

    page = client.get(address)
    data = {"time": f"extra:{compact(at(9))}", "source": "phone", "idempotency_key": "k1"}
    client.post(address, data)
    again = client.post(address, data | {"idempotency_key": "k2"})

    assert "3.5 of 6 places are expected to be used. Risk that they do not suffice: 1%." in text(page)
    assert Appointment.objects.get(patient=patient).seat == 1
    assert again.context["form"].errors == {
        "time": ["There is no extra place at this time any more. Please choose another time."]
    }
    assert "Extra places" not in text(client.get(address))


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_desks_at_once_never_give_more_places_than_the_rule_allows():
    everybody_misses(HALF)
    doctor = doctor_with_hours(time(9), time(12))
    allow(doctor, extra_places=3)
    for number in range(6):
        visit(doctor, 9 + number // 2, 30 * (number % 2), days=1)
    patients = [PatientFactory() for _each in range(12)]

    def take_what_is_offered(patient) -> Appointment | str:
        while places := offered(doctor, patient=patient):
            with suppress(NoExtraPlace):
                return take(doctor, places[0].slot.starts_at, patient=patient)
        return "none left"

    outcomes = race(*[lambda p=patient: take_what_is_offered(p) for patient in patients])

    booked = Appointment.objects.filter(doctor=doctor, status__in=HOLDING)
    assert outcomes == {"Appointment": 3, "none left": 9}
    assert booked.count() == 9
    assert SlotClaim.objects.count() == 9 * 6
