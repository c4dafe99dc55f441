from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.exceptions import (
    ChildIsAdult,
    ConsentMissing,
    HasOwnLogin,
    HasOwnPatient,
    OwnAccess,
    ScopeMissing,
    TooManyInCare,
    TooManyToday,
    TooYoungForRelation,
)
from accounts.models import Guardianship, Patient
from accounts.particulars import Particulars
from accounts.services import grant_guardianship, register_dependant, revoke_guardianship, update_patient
from hms.core.refusals import NotAllowed
from tests.accounts.rows import PARTICULARS, born, carer, own_patient
from tests.factories import PatientFactory, UserFactory, at, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A07")]

CHILD = PARTICULARS | {"full_name": "Kavya Rao", "date_of_birth": born(7)}
AGREED = "We have agreed."


def add_child(by, **changes) -> Guardianship:
    answers = {"relation": "parent", "scopes": ["may_book"], "consent_statement": AGREED} | changes
    particulars = Particulars(**CHILD | {name: answers.pop(name) for name in CHILD if name in answers})
    return register_dependant(particulars=particulars, by=by, **answers)


def give(user, patient, by, **changes) -> Guardianship:
    answers = {"relation": "child", "scopes": ["may_book"], "consent_statement": AGREED}
    return grant_guardianship(user=user, patient=patient, by=by, **answers | changes)


def test_adding_a_child_creates_a_patient_and_care_until_the_18th_birthday():
    parent = UserFactory()

    guardianship = add_child(parent)

    assert (guardianship.user, guardianship.consented_by, guardianship.consent_statement) == (
        parent,
        parent,
        AGREED,
    )
    assert guardianship.patient == Patient.objects.get(full_name="Kavya Rao", mrn="H000001")
    assert guardianship.ends_on == guardianship.patient.adult_on
    assert guardianship.scopes == ["may_book"]


def test_care_for_a_child_ends_on_the_18th_birthday():
    parent = UserFactory()
    guardianship = add_child(parent)
    until = (guardianship.ends_on - timezone.localdate()).days

    with time_machine.travel(at(23, 59, days=until - 1), tick=False):
        assert list(Patient.objects.visible_to(parent)) == [guardianship.patient]
    with time_machine.travel(at(0, days=until), tick=False):
        assert list(Patient.objects.visible_to(parent)) == []


def test_care_for_an_adult_does_not_end_by_itself():
    guardianship = add_child(UserFactory(), relation="child", date_of_birth=born(70))

    assert guardianship.ends_on is None


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"consent_statement": " "}, ConsentMissing),
        ({"scopes": []}, ScopeMissing),
        ({"date_of_birth": born(18)}, ChildIsAdult),
        ({"phone": "12"}, ValidationError),
    ],
)
def test_adding_somebody_is_refused_and_leaves_no_patient(answers, refusal):
    with pytest.raises(refusal):
        add_child(UserFactory(), **answers)

    assert (Patient.objects.count(), Guardianship.objects.count()) == (0, 0)


def test_nobody_cares_for_more_than_a_dozen():
    parent = UserFactory()
    for _person in range(12):
        carer(parent, PatientFactory())

    with pytest.raises(TooManyInCare) as refused:
        add_child(parent)

    assert "12 people" in refused.value.messages[0]


def test_a_login_adds_few_people_a_day_and_a_limited_number_in_all_even_if_it_ends_their_care():
    parent, added = UserFactory(), 0
    with time_machine.travel("2027-03-01 10:00Z", tick=False) as clock:
        for _day in range(4):
            for number in range(6):
                child = add_child(parent, full_name=f"Child {'ABCDEF'[number]} {_day}")
                revoke_guardianship(guardianship=child, by=parent)
                added += 1
            if _day == 0:
                with pytest.raises(TooManyToday):
                    add_child(parent)
            clock.shift(timedelta(days=1))
        with pytest.raises(TooManyInCare):
            add_child(parent)

    assert (added, Patient.objects.count()) == (24, 24)


def test_the_desk_lets_a_login_act_for_a_patient():
    desk, son, mother = staff("receptionist"), UserFactory(), PatientFactory()

    guardianship = give(son, mother, desk)

    assert (guardianship.consented_by, guardianship.is_in_force) == (desk, True)
    assert list(Patient.objects.cared_for_by(son, "may_book")) == [mother]


def test_a_patient_lets_another_login_act_for_them():
    mother, son = UserFactory(), UserFactory()
    patient = own_patient(mother)

    give(son, patient, mother)

    assert list(Patient.objects.visible_to(son)) == [patient]


def test_others_cannot_let_a_login_act_for_a_patient():
    patient, stranger = own_patient(UserFactory()), UserFactory()
    helper = UserFactory()
    carer(helper, patient)

    for by in (stranger, helper, staff("doctor"), staff("billing_clerk")):
        with pytest.raises(NotAllowed):
            give(stranger, patient, by)

    assert not Patient.objects.visible_to(stranger).exists()


def test_a_login_has_one_own_patient_and_a_patient_one_own_login():
    desk, user = staff("receptionist"), UserFactory()
    patient = own_patient(user)

    with pytest.raises(HasOwnPatient):
        give(user, PatientFactory(), desk, relation="self")
    with pytest.raises(HasOwnLogin):
        give(UserFactory(), patient, desk, relation="self")


def test_granting_revoked_care_again_renews_its_row():
    desk, son, mother = staff("receptionist"), UserFactory(), PatientFactory()
    first = give(son, mother, desk)
    revoke_guardianship(guardianship=first, by=desk)

    second = give(son, mother, desk, scopes=["may_pay"])

    assert (second.pk, second.revoked_at, second.scopes) == (first.pk, None, ["may_pay"])
    assert Guardianship.objects.count() == 1


def test_the_carer_the_patient_and_the_desk_end_the_care():
    desk, son, mother = staff("receptionist"), UserFactory(), UserFactory()
    patient = own_patient(mother)

    for by in (desk, son, mother):
        guardianship = give(son, patient, desk)
        revoke_guardianship(guardianship=guardianship, by=by)
        assert not Patient.objects.visible_to(son).exists()


def test_ending_care_twice_keeps_the_first_time():
    son = UserFactory()
    guardianship = carer(son, PatientFactory())
    first = revoke_guardianship(guardianship=guardianship, by=son).revoked_at

    assert revoke_guardianship(guardianship=guardianship, by=son).revoked_at == first


def test_others_cannot_end_the_care():
    patient = own_patient(UserFactory())
    guardianship, daughter = carer(UserFactory(), patient), UserFactory()
    carer(daughter, patient)

    for by in (UserFactory(), daughter, staff("doctor"), staff("billing_clerk")):
        with pytest.raises(NotAllowed):
            revoke_guardianship(guardianship=guardianship, by=by)

    guardianship.refresh_from_db()
    assert guardianship.is_in_force


def test_only_the_desk_can_end_a_logins_access_to_its_own_record():
    user = UserFactory()
    own_patient(user)
    guardianship = Guardianship.objects.get()

    with pytest.raises(OwnAccess):
        revoke_guardianship(guardianship=guardianship, by=user)
    revoke_guardianship(guardianship=guardianship, by=staff("receptionist"))

    assert not Patient.objects.visible_to(user).exists()


@pytest.mark.parametrize(("relation", "words"), [("spouse", "My spouse"), ("child", "My parent")])
def test_nobody_under_18_is_a_spouse_or_parent(relation, words):
    with pytest.raises(TooYoungForRelation) as refused:
        add_child(UserFactory(), relation=relation)

    assert refused.value.field == "relation"
    assert refused.value.messages == [f"This person is under 18. Choose a relation other than “{words}”."]
    assert Patient.objects.count() == 0


@pytest.mark.parametrize("relation", ["parent", "other"])
def test_no_care_for_a_minor_is_agreed_beyond_the_18th_birthday(relation):
    """Whatever the desk enters as the end, a child's carers lose the access then."""
    child, desk = PatientFactory(date_of_birth=born(7)), staff("receptionist")
    before, after = at(0, days=30).date(), at(0, days=9000).date()

    ends = [
        give(UserFactory(), child, desk, relation=relation, ends_on=ends_on).ends_on
        for ends_on in (None, before, after)
    ]

    assert ends == [child.adult_on, before, child.adult_on]


@pytest.mark.parametrize("relation", ["spouse", "child"])
def test_care_for_an_adult_who_turns_out_to_be_a_minor_ends_at_18(relation):
    desk, patient = staff("receptionist"), PatientFactory(date_of_birth=born(30))
    guardianship = give(UserFactory(), patient, desk, relation=relation)

    patient = update_patient(patient=patient, particulars=Particulars(date_of_birth=born(13)), by=desk)

    guardianship.refresh_from_db()
    assert guardianship.ends_on == patient.adult_on
