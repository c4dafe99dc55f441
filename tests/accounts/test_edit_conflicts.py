"""Two people edit one record: the second save undoes nothing, and the log names the right person."""

import pytest

from accounts.models import Patient, User
from audit.models import Action, AuditEvent
from tests.accounts.rows import carer, own_patient
from tests.factories import PatientFactory, UserFactory, staff
from tests.opened import boxes_of, opened

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]


@pytest.fixture
def desks(client_of):
    """Two receptionists, each logged in at a different computer."""
    ravi, meena = (staff("receptionist", full_name=name) for name in ("Ravi Desk", "Meena Desk"))
    return client_of(ravi), client_of(meena)


def change_page(patient: Patient) -> str:
    return f"/admin/accounts/patient/{patient.pk}/change/"


def last_change(patient: Patient) -> tuple[str, dict]:
    event = AuditEvent.objects.filter(
        action=Action.UPDATE, model="accounts.patient", object_pk=str(patient.pk)
    ).latest("recorded_at", "pk")
    return event.actor.full_name, event.changes


def test_the_second_save_does_not_undo_the_first_change(desks):
    ravi, meena = desks
    patient = PatientFactory(phone="+919845000001", city="Mysuru")
    page = change_page(patient)
    first, second = opened(ravi, page), opened(meena, page)

    ravi.post(page, first | {"phone": "98450 00002"})
    answer = meena.post(page, second | {"city": "Bengaluru"})

    patient.refresh_from_db()
    assert answer.status_code == 409
    assert (str(patient.phone), patient.city) == ("+919845000002", "Mysuru")
    assert "Ravi Desk changed this" in answer.content.decode()


def test_saving_again_after_the_conflict_changes_only_what_was_typed(desks):
    ravi, meena = desks
    patient = PatientFactory(phone="+919845000001", city="Mysuru")
    page = change_page(patient)
    first, second = opened(ravi, page), opened(meena, page)
    ravi.post(page, first | {"phone": "98450 00002"})
    conflict = meena.post(page, second | {"city": "Bengaluru"})

    answer = meena.post(page, boxes_of(conflict))

    patient.refresh_from_db()
    assert (answer.status_code, str(patient.phone), patient.city) == (302, "+919845000002", "Bengaluru")
    assert last_change(patient) == ("Meena Desk", {"city": ["Mysuru", "Bengaluru"]})


def test_both_versions_are_shown_field_by_field_and_escaped(desks):
    ravi, meena = desks
    patient = PatientFactory(full_name="Asha Rao", gender="female", city="Mysuru")
    page = change_page(patient)
    first, second = opened(ravi, page), opened(meena, page)
    ravi.post(page, first | {"gender": "other", "city": "<b>Hubli</b>"})

    answer = meena.post(page, second | {"full_name": "Asha Menon", "city": "Bengaluru"})

    assert shown(answer) == [
        ("Gender", "Other", "Female", False),
        ("City", "<b>Hubli</b>", "Bengaluru", True),
    ]
    assert "&lt;b&gt;Hubli&lt;/b&gt;" in answer.text
    assert "<b>Hubli" not in answer.text
    kept = boxes_of(answer)
    assert (kept["full_name"], kept["city"], kept["gender"]) == (["Asha Menon"], ["Bengaluru"], ["other"])


def test_a_page_without_a_fingerprint_changes_nothing(desks):
    ravi, _meena = desks
    patient = PatientFactory(city="Mysuru")
    answers = opened(ravi, change_page(patient))
    del answers["fingerprint"]

    answer = ravi.post(change_page(patient), answers | {"city": "Bengaluru"})

    patient.refresh_from_db()
    assert (answer.status_code, patient.city) == (409, "Mysuru")
    assert shown(answer) == [("City", "Mysuru", "Bengaluru", True)]


def test_a_form_submitted_twice_is_saved_once_without_a_conflict(desks):
    ravi, _meena = desks
    patient = PatientFactory(full_name="Asha Rao")
    answers = opened(ravi, change_page(patient)) | {"full_name": " Asha  Menon ", "postcode": "560 025"}

    sent = [ravi.post(change_page(patient), answers).status_code for _time in range(2)]

    assert sent == [302, 302]
    assert AuditEvent.objects.filter(action=Action.UPDATE, model="accounts.patient").count() == 1


def test_a_conflict_with_the_own_change_says_so(desks):
    ravi, _meena = desks
    patient = PatientFactory(phone="+919845000001", city="Mysuru")
    old = opened(ravi, change_page(patient))
    ravi.post(change_page(patient), old | {"phone": "98450 00002"})

    answer = ravi.post(change_page(patient), old | {"city": "Bengaluru"})

    patient.refresh_from_db()
    assert "You changed this yourself at" in answer.text
    assert (str(patient.phone), patient.city) == ("+919845000002", "Mysuru")
    assert (boxes_of(answer)["phone"], boxes_of(answer)["city"]) == (["+919845000002"], ["Bengaluru"])


def test_a_change_that_the_form_does_not_show_is_no_conflict(client_of):
    administrator, nurse = staff("administrator"), staff("nurse")
    client = client_of(administrator)
    page = f"/admin/accounts/user/{nurse.pk}/change/"
    answers = opened(client, page)
    client_of(nurse)  # logs in, which changes the row

    answer = client.post(page, answers | {"full_name": "Meena Iyer"})

    nurse.refresh_from_db()
    assert (answer.status_code, nurse.full_name) == (302, "Meena Iyer")
    assert nurse.last_login is not None


def test_roles_assigned_in_the_meantime_are_not_removed(client_of):
    first, second = client_of(staff("administrator")), client_of(staff("administrator"))
    nurse = staff("nurse")
    page = f"/admin/accounts/user/{nurse.pk}/change/"
    old = opened(second, page)
    first.post(page, opened(first, page) | {"roles": ["nurse", "lab_technician"]})

    answer = second.post(page, old | {"full_name": "Meena Iyer"})

    assert answer.status_code == 409
    assert shown(answer) == [("Roles", "Lab technician, Nurse", "Nurse", False)]
    assert User.objects.get(pk=nurse.pk).role_names == {"nurse", "lab_technician"}


def test_a_carer_revoked_in_the_meantime_is_a_conflict_and_not_an_error(desks):
    ravi, meena = desks
    patient = PatientFactory()
    carer(UserFactory(full_name="Vikram Rao"), patient)
    kept = carer(UserFactory(full_name="Leela Rao"), patient)
    page = change_page(patient)
    old = opened(meena, page)
    ravi.post(page, opened(ravi, page) | {"guardianships-0-DELETE": "on"})

    answer = meena.post(page, old | {"full_name": "Asha Menon"})
    again = meena.post(page, boxes_of(answer))

    patient.refresh_from_db()
    assert (answer.status_code, again.status_code) == (409, 302)
    assert [line[1] for line in shown(answer)] == ["no longer exists"]
    assert (patient.full_name, list(patient.guardianships.in_force())) == ("Asha Menon", [kept])


def shown(answer) -> list[tuple]:
    conflict = answer.context["conflict"]
    return [(one.label, one.saved, one.entered, one.is_typed) for one in conflict.differences]


# --- the patient's own page


@pytest.fixture
def family(client_of):
    """A patient, and two carers, each with their own browser."""
    asha = UserFactory(full_name="Asha Rao")
    patient = own_patient(
        asha, street="14 Residency Road", city="Bengaluru", state="Karnataka", postcode="560025"
    )
    vikram = UserFactory(full_name="Vikram Rao")
    carer(vikram, patient)
    return patient, client_of(asha), client_of(vikram)


def test_two_carers_do_not_overwrite_each_others_changes(family):
    patient, asha, vikram = family
    page = f"/me/profile/{patient.reference}/"
    old = opened(vikram, page)
    asha.post(page, opened(asha, page) | {"phone": "98450 00002"})

    conflict = vikram.post(page, old | {"city": "Mysuru"})
    patient.refresh_from_db()
    between = (str(patient.phone), patient.city)
    saved = vikram.post(page, boxes_of(conflict))

    patient.refresh_from_db()
    assert (conflict.status_code, between) == (409, ("+919845000002", "Bengaluru"))
    assert "Somebody who acts for this patient changed this at" in conflict.text
    assert "Asha Rao changed" not in conflict.text
    assert (saved.status_code, str(patient.phone), patient.city) == (302, "+919845000002", "Mysuru")
    assert last_change(patient) == ("Vikram Rao", {"city": ["Bengaluru", "Mysuru"]})


def test_a_patient_does_not_see_the_name_of_the_staff_member(family, client_of):
    patient, asha, _vikram = family
    page = f"/me/profile/{patient.reference}/"
    old = opened(asha, page)
    desk = client_of(staff("receptionist", full_name="Ravi Desk"))
    desk.post(change_page(patient), opened(desk, change_page(patient)) | {"phone": "98450 00002"})

    conflict = asha.post(page, old | {"city": "Mysuru"})

    assert "The hospital changed this at" in conflict.text
    assert "Ravi" not in conflict.text


def test_particulars_sent_twice_are_saved_once(family):
    patient, asha, _vikram = family
    page = f"/me/profile/{patient.reference}/"
    answers = opened(asha, page) | {
        "full_name": "Asha  Menon",
        "postcode": "560 026",
        "email": "A@Example.org",
    }

    sent = [asha.post(page, answers).status_code for _time in range(2)]

    assert sent == [302, 302]


def test_an_invalid_answer_keeps_the_fingerprint_of_the_page(family):
    patient, asha, vikram = family
    page = f"/me/profile/{patient.reference}/"
    wrong = vikram.post(page, opened(vikram, page) | {"phone": "12"})
    asha.post(page, opened(asha, page) | {"city": "Mysuru"})

    answer = vikram.post(page, boxes_of(wrong) | {"phone": "98450 00003"})

    patient.refresh_from_db()
    assert (wrong.status_code, answer.status_code, patient.city) == (200, 409, "Mysuru")
