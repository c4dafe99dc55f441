"""A form that registers a patient takes effect once, however often it is sent."""

import pytest

from accounts.models import Guardianship, Patient
from accounts.particulars import Particulars
from accounts.services import register_patient
from hms.core.refusals import KeyReused
from tests.accounts.rows import PARTICULARS, carer
from tests.accounts.test_admin_patients import ADD as DESK
from tests.accounts.test_admin_patients import WALK_IN, change_page
from tests.accounts.test_family_pages import ADD, ANSWERS, PAGE
from tests.factories import PatientFactory, staff
from tests.opened import boxes_of, unseen

pytestmark = [pytest.mark.django_db]


@pytest.mark.feature("A07")
def test_adding_a_person_twice_adds_one(client, user):
    form = unseen(client, ADD) | ANSWERS

    answers = [client.post(ADD, form) for _press in range(2)]

    assert [answer.url for answer in answers] == [PAGE, PAGE]
    assert (Patient.objects.count(), Guardianship.objects.count()) == (1, 1)


@pytest.mark.feature("A07")
def test_the_twelfth_person_sent_twice_is_no_thirteenth(client, user):
    for _person in range(11):
        carer(user, PatientFactory())
    Guardianship.objects.update(consented_at="2026-01-01T00:00Z")
    form = unseen(client, ADD) | ANSWERS

    answers = [client.post(ADD, form).status_code for _press in range(2)]

    assert answers == [302, 302]
    assert Guardianship.objects.count() == 12


@pytest.mark.feature("A07")
def test_a_form_used_for_another_person_is_refused_and_can_be_sent_again(client, user):
    form = unseen(client, ADD) | ANSWERS
    client.post(ADD, form)

    refused = client.post(ADD, form | {"full_name": "Rohan Rao"})
    count = Patient.objects.count()
    client.post(ADD, boxes_of(refused) | ANSWERS | {"full_name": "Rohan Rao"})

    assert "This form was already used for something else." in refused.text
    assert (count, Patient.objects.count()) == (1, 2)


@pytest.mark.feature("A09")
def test_the_desk_registers_a_patient_once(client, desk):
    form = unseen(client, DESK) | WALK_IN

    answers = [client.post(DESK, form) for _press in range(2)]

    page = change_page(Patient.objects.get())
    assert [answer.url for answer in answers] == [page, page]


@pytest.mark.feature("A09")
def test_the_page_after_a_registration_offers_to_book(client, desk):
    answer = client.post(DESK, unseen(client, DESK) | WALK_IN, follow=True)

    patient = Patient.objects.get()
    assert answer.redirect_chain == [(change_page(patient), 302)]
    assert f'href="/admin/scheduling/appointment/add/?patient={patient.reference}"' in answer.text
    assert "The next step is to book an appointment." in answer.text


def test_a_key_finds_only_what_the_same_person_has_registered():
    mine, theirs = staff("receptionist"), staff("receptionist")
    answers = {"particulars": Particulars(**PARTICULARS), "idempotency_key": "key-00000001"}

    first = register_patient(**answers, by=mine)

    assert register_patient(**answers, by=mine) == first
    assert register_patient(**answers, by=theirs) != first
    other = Particulars(**PARTICULARS | {"full_name": "Somebody Else"})
    with pytest.raises(KeyReused):
        register_patient(particulars=other, idempotency_key="key-00000001", by=mine)
