"""One login that takes a doctor's times and gives them back, or many people, is shown to auditors."""

import pytest
import time_machine
from django.utils import timezone

from accounts.particulars import Particulars
from accounts.services import register_dependant, revoke_guardianship
from audit.anomalies.finding import find_anomalies
from audit.capture.context import Source, audit_context
from audit.models import Anomaly
from scheduling.services import cancel_appointment, hold_slot
from tests.accounts.rows import PARTICULARS
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("U05")]


@pytest.fixture(autouse=True)
def _limits(settings):
    limits = {"released_a_day": 2, "in_care_a_day": 2, "day_begins": "00:00", "day_ends": "23:59:59"}
    settings.AUDIT_ANOMALIES = settings.AUDIT_ANOMALIES | limits


def found() -> list[tuple]:
    for _twice in range(2):
        find_anomalies(since=timezone.localdate())
    return list(Anomaly.objects.values_list("rule", "actor_id", "count"))


def take(visits: int, *, give_up: int, source=Source.PAGE, by=None):
    """Hold times for another patient each, as somebody who books for a family, and give some up."""
    patients = [PatientFactory() for _visit in range(visits)]
    by, doctor = by or carer_of(*patients, relation="child"), doctor_with_hours()
    with audit_context(actor=by, source=source):
        for number, patient in enumerate(patients):
            starts_at = at(9 + number // 2, 30 * (number % 2))
            visit = hold_slot(patient=patient, doctor=doctor, starts_at=starts_at, by=by)
            if number < give_up:
                cancel_appointment(appointment=visit, by=by)
    return by


def test_a_login_that_gives_up_more_visits_than_the_limit_is_found_once():
    carer = take(4, give_up=3)

    assert found() == [("many_released", carer.pk, 3)]


def test_as_many_as_the_limit_and_visits_that_stand_are_none():
    take(4, give_up=2)

    assert found() == []


def test_the_front_desk_that_books_and_cancels_is_none():
    take(4, give_up=4, source=Source.ADMIN, by=staff("receptionist"))

    assert found() == []


def added(people: int, *, ended: int = 0):
    carer = carer_of(PatientFactory())
    with audit_context(actor=carer, source=Source.PAGE):
        for number in range(people):
            care = register_dependant(
                particulars=Particulars(**PARTICULARS | {"full_name": f"Person{chr(97 + number)} Rao"}),
                relation="other",
                scopes=["may_book"],
                consent_statement="Agreed",
                by=carer,
            )
            if number < ended:
                revoke_guardianship(guardianship=care, by=carer)
    return carer


def test_a_login_that_adds_more_people_than_the_limit_in_a_day_is_found_once():
    carer = added(3, ended=2)

    assert found() == [("many_in_care", carer.pk, 5)]


def test_as_many_people_as_the_limit_added_and_ended_are_none():
    added(2, ended=2)

    assert found() == []


def test_people_ended_on_another_day_than_added_count_on_that_day(settings):
    carer = carer_of(*(PatientFactory() for _each in range(3)), relation="child")
    with time_machine.travel(at(8), tick=False), audit_context(actor=carer, source=Source.PAGE):
        for care in carer.guardianships.all():
            revoke_guardianship(guardianship=care, by=carer)

        assert found() == [("many_in_care", carer.pk, 3)]
