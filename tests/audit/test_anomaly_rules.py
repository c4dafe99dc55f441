"""Each rule on accesses that are just enough for it, and on accesses that are not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.anomalies import confidential_record, own_record
from audit.anomalies.accesses import Access, accesses_on
from audit.anomalies.rules import after_hours, many_listed, many_opened, many_refused
from audit.capture.context import audit_context
from audit.capture.recorder import record_denied, record_event
from audit.models import Action
from tests.factories import PatientFactory, carer_of, staff

pytestmark = [pytest.mark.feature("U05")]
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # in Berlin, where the tests are


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.AUDIT_ANOMALIES = {
        "opened_an_hour": 3,
        "opened_at_desk_an_hour": 5,
        "desk_roles": ["receptionist"],
        "listed_an_hour": 10,
        "refused_an_hour": 3,
        "day_begins": "07:00",
        "day_ends": "21:00",
        "night_roles": ["nurse"],
    }


def access(number: int, *patients: int, minutes: float | None = None, **fields) -> Access:
    defaults = {
        "event_id": number,
        "at": NOON + timedelta(minutes=number if minutes is None else minutes),
        "actor_id": 7,
        "actor_label": "Ravi Desk (ravi@example.org)",
        "roles": frozenset({"lab_technician"}),
        "source": "admin",
        "outcome": "done",
        "patient_id": patients[0] if len(patients) == 1 else None,
        "patients": patients,
    }
    return Access(**defaults | fields)


def told(findings) -> list[tuple]:
    return [
        (finding.begins_at.isoformat(), finding.count, [one.event_id for one in finding.accesses])
        for finding in findings
    ]


class TestManyOpened:
    def test_more_patients_than_the_limit_in_an_hour_are_one_finding(self):
        accesses = [access(number, number) for number in range(5)]

        assert told(many_opened(accesses)) == [("2026-11-23T11:00:00+00:00", 5, [0, 1, 2, 3, 4])]

    def test_as_many_as_the_limit_the_same_patient_and_lists_are_none(self):
        as_many = [access(number, number) for number in range(3)]
        the_same = [access(number, 1) for number in range(9)]
        lists = [access(number, 1, 2, 3, 4, 5) for number in range(9)]
        their_own = [access(number, number, source="page") for number in range(9)]

        assert [told(many_opened(some)) for some in (as_many, the_same, lists, their_own)] == [[]] * 4

    def test_accesses_not_within_an_hour_are_not_added_up(self):
        assert told(many_opened([access(number, number, minutes=25 * number) for number in range(9)])) == []

    def test_accesses_over_the_end_of_a_clock_hour_are_added_up(self):
        accesses = [access(number, number, minutes=50 + 5 * number) for number in range(4)]

        assert told(many_opened(accesses)) == [("2026-11-23T11:00:00+00:00", 4, [0, 1, 2, 3])]

    def test_two_bursts_are_two_findings(self):
        accesses = [access(number, number, minutes=number + 200 * (number > 3)) for number in range(8)]

        assert [ids for _begins, _count, ids in told(many_opened(accesses))] == [[0, 1, 2, 3], [4, 5, 6, 7]]

    def test_each_person_is_counted_alone(self):
        assert told(many_opened([access(number, number, actor_id=number % 2) for number in range(6)])) == []

    def test_the_desk_may_open_more(self):
        desk = frozenset({"receptionist"})
        accesses = [access(number, number, roles=desk) for number in range(6)]

        assert told(many_opened(accesses[:5])) == []
        assert [count for _begins, count, _ids in told(many_opened(accesses))] == [6]


def test_very_many_patients_on_lists_are_a_finding():
    accesses = [access(number, *range(6 * number, 6 * number + 6)) for number in range(2)]

    assert told(many_listed(accesses)) == [("2026-11-23T11:00:00+00:00", 12, [0, 1])]
    assert told(many_listed([access(number, *range(9)) for number in range(9)])) == []


def test_refused_accesses_are_a_finding_from_the_limit_on():
    refused = [access(number, 1, outcome="refused", source="page") for number in range(3)]

    assert [ids for _begins, _count, ids in told(many_refused(refused))] == [[0, 1, 2]]
    assert told(many_refused(refused[:2])) == []
    assert told(many_refused([access(number, 1) for number in range(9)])) == []


def test_accesses_outside_the_hours_are_one_finding_a_day_except_for_night_staff():
    late = NOON + timedelta(hours=9)
    accesses = [
        access(1, 1, at=late),
        access(2, 2, 3, at=late),
        access(3, 1, at=late, roles=frozenset({"nurse"}), actor_id=8),
        access(4, 1, at=late, source="page", actor_id=9),
        access(5, at=late, actor_id=9),
        access(6, 1, at=NOON, actor_id=9),
    ]

    assert told(after_hours(accesses)) == [("2026-11-23T00:00:00+01:00", 2, [1, 2])]


@pytest.mark.django_db
def test_the_own_and_the_familys_record_are_findings_in_the_staff_site_alone():
    child, stranger = PatientFactory.create_batch(2)
    actor_id = carer_of(child, relation="parent").pk
    accesses = [
        access(1, child.pk, actor_id=actor_id),
        access(2, stranger.pk, actor_id=actor_id),
        access(3, child.pk, actor_id=actor_id, source="page"),
        access(4, child.pk, stranger.pk, actor_id=actor_id),
        access(5, child.pk, actor_id=actor_id, outcome="refused"),
        access(6, child.pk, actor_id=staff("doctor").pk),
    ]

    (finding,) = own_record(accesses)

    assert (finding.patient_id, [one.event_id for one in finding.accesses]) == (child.pk, [1])


@pytest.mark.django_db
def test_an_access_to_a_confidential_patient_is_a_finding_for_each_person_and_patient():
    known, other = PatientFactory(is_confidential=True), PatientFactory()
    accesses = [
        access(1, known.pk),
        access(2, known.pk),
        access(3, known.pk, actor_id=8),
        access(4, other.pk),
        access(5, known.pk, source="page"),
    ]

    found = [
        (one.patient_id, [each.event_id for each in one.accesses]) for one in confidential_record(accesses)
    ]

    assert found == [(known.pk, [1, 2]), (known.pk, [3])]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_day_is_read_with_two_queries_and_has_what_the_rules_ask_for(
    count, log, client, rf, django_assert_num_queries
):
    patients = PatientFactory.create_batch(count)
    desk = staff("receptionist")
    client.force_login(desk)
    client.get("/admin/accounts/patient/")
    request = rf.get("/")
    request.user = desk
    with audit_context(actor=desk, source="admin"):
        record_denied(request, type(patients[0]), "x", patient_id=patients[0].pk)
    record_event(Action.READ, obj=patients[0])
    listed, refused = log.events(action="read", actor=desk)

    with django_assert_num_queries(2):
        first, second = accesses_on(timezone.localdate(listed.recorded_at))

    assert (first.event_id, first.patients) == (listed.pk, tuple(row.pk for row in patients))
    assert (first.is_in_staff_site, first.is_of_one_patient) == (True, count == 1)
    assert (first.roles, first.actor_id) == (frozenset({"receptionist"}), desk.pk)
    assert (second.event_id, second.is_refused, second.is_of_one_patient) == (refused.pk, True, False)
