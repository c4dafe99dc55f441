from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.exceptions import BirthDateIsFixed
from accounts.models import Patient
from accounts.particulars import Particulars
from accounts.services import register_patient, similar_patients, update_patient
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from tests.accounts.rows import PARTICULARS, born, carer, own_patient
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A08")]


def test_the_desk_registers_a_patient_without_a_login():
    patient = register_patient(particulars=Particulars(**PARTICULARS), by=staff("receptionist"))

    kept = Patient.objects.get()
    assert (kept, kept.mrn, str(kept.phone)) == (patient, "H000001", "+919845012345")
    assert not kept.guardianships.exists()


@pytest.mark.parametrize("role", ["doctor", "nurse", "billing_clerk", "auditor", "lab_technician"])
def test_registering_is_refused_to_roles_other_than_the_desk(role):
    with pytest.raises(NotAllowed):
        register_patient(particulars=Particulars(**PARTICULARS), by=staff(role))

    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("date_of_birth", date(2100, 1, 1), "in_the_future"),
        ("date_of_birth", date(1899, 12, 31), "too_early"),
        ("phone", "+91123", "invalid"),
        ("email", "asha@", "invalid"),
        ("gender", "unsaid", "invalid_choice"),
        ("blood_group", "C+", "invalid_choice"),
        ("postcode", "56002", "pin"),
        ("postcode", "056002", "pin"),
        ("abha_number", "1234", "abha"),
        ("abha_number", "\u0661" * 14, "abha"),
        ("postcode", "1\u0661\u0661\u0661\u0661\u0661", "pin"),
        ("full_name", "  ", "blank"),
    ],
)
def test_registering_refuses_an_invalid_value_at_its_field(field, value, code):
    with pytest.raises(ValidationError) as refused:
        register_patient(particulars=Particulars(**PARTICULARS | {field: value}), by=SYSTEM)

    assert {name: [e.code for e in errors] for name, errors in refused.value.error_dict.items()} == {
        field: [code]
    }
    assert not Patient.objects.exists()


def test_a_postcode_outside_india_need_not_be_a_pin():
    patient = register_patient(
        particulars=Particulars(**PARTICULARS | {"country": "United Kingdom", "postcode": "sw1a 1aa"}),
        by=SYSTEM,
    )

    assert patient.postcode == "SW1A 1AA"


def test_an_abha_number_is_stored_as_digits_and_belongs_to_one_patient():
    first = register_patient(
        particulars=Particulars(**PARTICULARS, abha_number="12-3456-7890-1234"), by=SYSTEM
    )
    assert first.abha_number == "12345678901234"

    with pytest.raises(ValidationError) as refused:
        register_patient(particulars=Particulars(**PARTICULARS, abha_number="12 3456 7890 1234"), by=SYSTEM)

    assert refused.value.message_dict == {"abha_number": ["This ABHA number belongs to another patient."]}


def test_several_patients_may_have_no_abha_number():
    register_patient(particulars=Particulars(**PARTICULARS, abha_number=""), by=SYSTEM)
    register_patient(particulars=Particulars(**PARTICULARS, abha_number="  "), by=SYSTEM)

    assert list(Patient.objects.values_list("abha_number", flat=True)) == [None, None]


def test_a_person_born_on_29_february_comes_of_age_on_1_march():
    patient = PatientFactory.build(date_of_birth=date(2008, 2, 29))

    assert patient.adult_on == date(2026, 3, 1)
    assert (patient.age_on(date(2026, 2, 28)), patient.age_on(date(2026, 3, 1))) == (17, 18)


def test_a_birth_today_in_the_hospitals_time_zone_is_not_in_the_future():
    """At half past midnight in the hospital's time zone it is still yesterday in UTC."""
    with time_machine.travel("2026-06-09T22:30:00Z", tick=False):
        patient = register_patient(
            particulars=Particulars(**PARTICULARS | {"date_of_birth": date(2026, 6, 10)}), by=SYSTEM
        )

    assert patient.date_of_birth == date(2026, 6, 10)


@pytest.mark.feature("A09")
class TestSimilarPatients:
    def matches(self, by, **typed):
        typed = {
            "full_name": "asha  RAO",
            "date_of_birth": date(1984, 3, 27),
            "phone": "+919845012345",
        } | typed
        return similar_patients(by=by, **typed)

    def found(self, by, **typed):
        return {match.patient for match in self.matches(by, **typed)}

    def test_the_most_similar_come_first_with_the_reasons(self):
        near = PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 28))
        same = PatientFactory(full_name="Rao, Asha", date_of_birth=date(1984, 3, 27))
        by_phone = PatientFactory(full_name="A. Rao", date_of_birth=date(1984, 3, 27), phone="+919845012345")
        PatientFactory(full_name="Vikram Rao", date_of_birth=date(1984, 3, 27))
        PatientFactory(full_name="Meena Rao", date_of_birth=date(1990, 5, 2), phone="+919845012345")

        found = self.matches(staff("receptionist"))

        assert [(match.patient, match.reasons) for match in found] == [
            (by_phone, ["initials fit", "same birth date", "same phone"]),
            (same, ["name parts in another order", "same birth date"]),
            (near, ["same name", "birth dates a day apart"]),
        ]

    @pytest.mark.parametrize(
        ("name", "born", "others"),
        [
            ("Asha Rao", date(1984, 1, 1), {}),
            ("Smt. Rao Asha", date(1985, 1, 1), {}),
            ("Meena Iyer", date(1984, 3, 27), {"phone": "+919845012345"}),
            ("Asha Rao", date(1948, 12, 2), {"email": "asha@example.org"}),
            ("Asha Rao", date(1948, 12, 2), {"phone": "+919845012345"}),
        ],
    )
    def test_each_ground_finds_by_itself(self, name, born, others):
        asha = PatientFactory(full_name=name, date_of_birth=born, **others)

        assert self.found(staff("receptionist"), email="Asha@example.org") == {asha}

    def test_an_unknown_birthday_finds_the_known_one(self):
        asha = PatientFactory(full_name="Dr Asha Rao", date_of_birth=date(1984, 3, 27))
        PatientFactory(full_name="Asha Rao", date_of_birth=date(1990, 3, 27))

        assert self.found(staff("receptionist"), date_of_birth=date(1984, 1, 1)) == {asha}

    @pytest.mark.parametrize("alike", [1, 3])
    def test_two_queries_find_one_and_three(self, alike, django_assert_num_queries):
        PatientFactory.create_batch(alike, full_name="Asha Rao", date_of_birth=date(1984, 3, 27))
        PatientFactory.create_batch(3, full_name="Vikram Rao", date_of_birth=date(1984, 3, 27))
        desk = staff("receptionist")
        desk.has_perm("accounts.view_every_patient")

        with django_assert_num_queries(2):
            assert len(self.matches(desk, email="asha@example.org")) == alike

    def test_patients_without_a_phone_are_not_similar_by_phone(self):
        PatientFactory(full_name="Meena Rao", date_of_birth=date(1984, 3, 27), phone="")

        assert self.found(staff("receptionist"), phone="") == set()

    def test_a_patient_is_not_similar_to_itself(self):
        asha = PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 27))

        assert self.found(staff("receptionist"), besides=asha) == set()

    def test_patients_who_are_not_visible_are_not_found(self):
        PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 27))

        assert self.found(UserFactory()) == set()
        assert self.found(staff("doctor")) == set()


class TestUpdate:
    def test_a_carer_changes_only_the_given_particulars(self):
        user = UserFactory()
        patient = own_patient(user, full_name="Asha Rao", city="Mysuru")
        Patient.objects.filter(pk=patient.pk).update(city="Bengaluru")

        update_patient(patient=patient, particulars=Particulars(full_name=" Asha  Menon "), by=user)

        kept = Patient.objects.get()
        assert (kept.full_name, kept.name_key, kept.city) == ("Asha Menon", "asha menon", "Bengaluru")

    def test_others_cannot_change_a_patient(self):
        patient = own_patient(UserFactory(), full_name="Asha Rao", phone="+919845012345")
        same_phone = UserFactory(phone="+919845012345")
        own_patient(same_phone, phone="+919845012345")
        reader = UserFactory()
        carer(reader, patient, may_book=False)

        for by in (UserFactory(), same_phone, reader, staff("doctor"), staff("billing_clerk")):
            with pytest.raises(NotAllowed):
                update_patient(patient=patient, particulars=Particulars(full_name="Somebody Else"), by=by)

        assert Patient.objects.get(pk=patient.pk).full_name == "Asha Rao"

    def test_a_carer_cannot_change_a_childs_date_of_birth(self):
        parent = UserFactory()
        child = PatientFactory(date_of_birth=born(17, days=300))
        carer(parent, child, "parent", ends_on=child.adult_on)

        with pytest.raises(BirthDateIsFixed):
            update_patient(patient=child, particulars=Particulars(date_of_birth=born(3)), by=parent)

        assert Patient.objects.get().date_of_birth == born(17, days=300)

    def test_the_end_of_care_follows_a_corrected_date_of_birth(self):
        parent = UserFactory()
        child = PatientFactory(date_of_birth=born(3))
        carer(parent, child, "parent", ends_on=child.adult_on)

        update_patient(
            patient=child, particulars=Particulars(date_of_birth=born(19)), by=staff("receptionist")
        )

        assert child.guardianships.get().ends_on == born(1)
        assert not Patient.objects.visible_to(parent).exists()
