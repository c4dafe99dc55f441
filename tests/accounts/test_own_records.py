"""One login has one own patient, and one patient one login of their own, whatever two desks do at once."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exceptions import HasOwnLogin, HasOwnPatient
from accounts.models import Guardianship, Scope
from accounts.services import grant_guardianship, revoke_guardianship
from accounts.services.own_records import mark_own_records
from hms.core.rights import SYSTEM
from tests.accounts.rows import own_patient
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory, staff
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A07")]

TODAY = timezone.localdate
DESKS = 4


def make_own(user, patient, by=SYSTEM, **changes) -> Guardianship:
    answers = {"relation": "self", "scopes": list(Scope), "consent_statement": "At the desk."} | changes
    return grant_guardianship(user=user, patient=patient, by=by, **answers)


def marks() -> list[bool | None]:
    return list(Guardianship.objects.order_by("pk").values_list("is_own", flat=True))


def write(**row) -> Guardianship:
    """A row as somebody writes it who asks no service."""
    with transaction.atomic():
        return GuardianshipFactory(**row)


def test_a_second_own_patient_and_a_second_own_login_are_refused_by_the_database():
    own = make_own(UserFactory(), PatientFactory())

    with pytest.raises(IntegrityError):
        write(user=own.user, relation="self", is_own=True)
    with pytest.raises(IntegrityError):
        write(patient=own.patient, relation="self", is_own=True)

    assert marks() == [True]


@pytest.mark.parametrize(
    "row",
    [
        {"relation": "child", "is_own": True},
        {"relation": "self", "is_own": True, "revoked_at": timezone.now()},
        {"relation": "self", "is_own": False},
    ],
)
def test_only_access_to_ones_own_record_that_was_not_revoked_is_marked(row):
    with pytest.raises(IntegrityError):
        write(**row)

    assert marks() == []


def test_other_relations_are_not_bound():
    user, patient = UserFactory(), PatientFactory()

    make_own(user, patient)
    make_own(user, PatientFactory(), relation="spouse")
    make_own(UserFactory(), patient, relation="spouse")

    assert marks() == [True, None, None]


def test_a_revoked_own_record_makes_room_for_another_and_cannot_come_back_beside_it():
    desk, user, patient = staff("receptionist"), UserFactory(), PatientFactory()
    first = make_own(user, patient)
    revoke_guardianship(guardianship=first, by=desk)

    make_own(user, PatientFactory())

    assert marks() == [None, True]
    with pytest.raises(HasOwnPatient):
        make_own(user, patient)


def test_an_own_record_that_has_ended_makes_room_for_another():
    user, patient = UserFactory(), PatientFactory()
    make_own(user, patient, ends_on=TODAY() + timedelta(days=1))
    Guardianship.objects.update(ends_on=TODAY())

    make_own(user, PatientFactory())
    make_own(UserFactory(), patient)

    assert marks() == [None, True, True]


def test_a_changed_relation_takes_the_mark_away():
    own = make_own(UserFactory(), PatientFactory())

    make_own(own.user, own.patient, relation="other")

    assert marks() == [None]


def test_migrating_marks_old_rows_and_leaves_and_names_what_is_there_twice(verify_clean):
    user, patient = UserFactory(), PatientFactory()
    own_patient(user)
    own_patient(user)  # two desks at once, before the constraint
    GuardianshipFactory(user=UserFactory(), patient=patient, relation="self")
    GuardianshipFactory(user=UserFactory(), patient=patient, relation="self")
    GuardianshipFactory(relation="self", revoked_at=timezone.now())
    GuardianshipFactory(relation="self", ends_on=date(2020, 1, 1))
    GuardianshipFactory(relation="child")

    said = mark_own_records()

    assert marks() == [True, None, True, None, None, None, None]
    doubled = Guardianship.objects.order_by("pk").values_list("reference", flat=True)[1:4:2]
    twice = "More than one own patient of a login, or login of a patient; revoke the wrong one in "
    assert said == [
        "2 guardianships are marked as access to one's own record now.",
        f"{twice}Guardianships: {', '.join(doubled)}",
    ]
    assert mark_own_records() == said[1:]
    verify_clean()


def test_a_login_that_has_two_own_patients_from_before_gets_no_third_and_can_lose_one():
    desk, user = staff("receptionist"), UserFactory()
    own_patient(user)
    own_patient(user)
    mark_own_records()
    first, second = Guardianship.objects.order_by("pk")

    with pytest.raises(HasOwnPatient):
        make_own(user, PatientFactory())
    revoke_guardianship(guardianship=first, by=desk)
    mark_own_records()

    assert marks() == [None, True]
    with pytest.raises(HasOwnLogin):
        make_own(UserFactory(), second.patient)


@pytest.fixture
def verify_clean():
    """Seals and verifies the log, which must find nothing."""

    def verify() -> None:
        out = StringIO()
        call_command("verify_audit", stdout=out)

    return verify


@pytest.mark.race
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
@pytest.mark.parametrize("of_one", ["login", "patient"])
def test_of_desks_that_give_an_own_record_at_once_one_succeeds(of_one, _round):
    desks = [staff("receptionist") for _desk in range(DESKS)]
    user, patient = UserFactory(), PatientFactory()
    pairs = [
        (user, PatientFactory()) if of_one == "login" else (UserFactory(), patient) for _desk in range(DESKS)
    ]

    outcomes = race(
        *(
            lambda desk=desk, pair=pair: make_own(*pair, by=desk)
            for desk, pair in zip(desks, pairs, strict=True)
        )
    )

    refusal = "HasOwnPatient" if of_one == "login" else "HasOwnLogin"
    assert outcomes == {"Guardianship": 1, refusal: DESKS - 1}
    assert marks() == [True]
