"""Phrases: kept by doctors and departments, and inserted into a draft."""

import pytest
from django.core.exceptions import ValidationError

from clinical.exceptions import NotYours
from clinical.models import Phrase
from clinical.services import insert_phrase, open_encounter, save_phrase, sign_encounter
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from tests.clinical.rows import doctor_at_work, visit_today
from tests.factories import staff
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C15")]

LIST = "/admin/clinical/phrase/"
LINES = {"diagnosis-TOTAL_FORMS": "2", "diagnosis-INITIAL_FORMS": "0"}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def draft(doctor):
    return open_encounter(appointment=visit_today(doctor, symptoms="Sore throat"), by=doctor.user)


@pytest.fixture
def page(draft):
    return f"/admin/consultation/{draft.appointment.reference}/"


@pytest.fixture
def at_work(client, doctor):
    client.force_login(doctor.user)
    return client


def kept(owner, abbreviation="urti", text="Throat red, chest clear.", **fields) -> Phrase:
    return save_phrase(phrase=Phrase(**owner, abbreviation=abbreviation, text=text, **fields), by=SYSTEM)


def test_an_abbreviation_is_kept_without_its_dot_and_in_small_letters(doctor):
    phrase = save_phrase(
        phrase=Phrase(doctor=doctor, abbreviation=" .URTI ", text=" Throat red. "), by=doctor.user
    )

    assert (phrase.abbreviation, phrase.text, str(phrase)) == ("urti", "Throat red.", ".urti")


@pytest.mark.parametrize("wrong", ["two words", "a.b", "", "x" * 21])
def test_an_abbreviation_that_cannot_be_typed_is_refused(doctor, wrong):
    with pytest.raises(ValidationError) as refused:
        kept({"doctor": doctor}, wrong)

    assert list(refused.value.error_dict) == ["abbreviation"]


def test_a_doctor_uses_an_abbreviation_once_and_another_doctor_the_same_one(doctor, colleague):
    kept({"doctor": doctor})
    kept({"doctor": colleague})
    kept({"department": doctor.department})

    with pytest.raises(ValidationError):
        kept({"doctor": doctor}, ".Urti")
    with pytest.raises(ValidationError):
        kept({"department": doctor.department})


def test_doctors_keep_their_own_and_the_head_those_of_the_department(doctor, colleague, head):
    own, shared = kept({"doctor": doctor}), kept({"department": doctor.department}, "fever")
    taken = Phrase.objects.get(pk=shared.pk)
    taken.doctor, taken.department = colleague, None
    given = Phrase(doctor=doctor, abbreviation="mine", text="Not mine")

    save_phrase(phrase=own, by=doctor.user)
    save_phrase(phrase=shared, by=head.user)
    for phrase, by in [(own, colleague), (own, head), (shared, doctor), (taken, colleague), (given, head)]:
        with pytest.raises(NotYours):
            save_phrase(phrase=phrase, by=by.user)
    with pytest.raises(NotAllowed):
        save_phrase(phrase=own, by=staff("nurse"))


def test_a_phrase_goes_behind_the_words_that_are_there(draft, doctor):
    phrase = kept({"doctor": doctor})

    insert_phrase(encounter=draft, phrase=phrase, into="examination", by=doctor.user)
    insert_phrase(encounter=draft, phrase=phrase, into="complaint", by=doctor.user)

    draft.refresh_from_db()
    assert draft.examination == "Throat red, chest clear."
    assert draft.complaint == "Sore throat\nThroat red, chest clear."


def test_only_phrases_of_the_doctor_and_the_department_that_are_in_use_are_inserted(draft, doctor, colleague):
    elsewhere = doctor_at_work()
    others = [
        kept({"doctor": colleague}),
        kept({"department": elsewhere.department}),
        kept({"doctor": doctor}, is_active=False),
    ]

    for phrase in others:
        with pytest.raises(NotYours):
            insert_phrase(encounter=draft, phrase=phrase, into="plan", by=doctor.user)
    insert_phrase(
        encounter=draft, phrase=kept({"department": doctor.department}), into="plan", by=doctor.user
    )

    draft.refresh_from_db()
    assert draft.plan == "Throat red, chest clear."


def test_a_signed_record_takes_no_phrase(draft, doctor):
    sign_encounter(encounter=draft, by=doctor.user)

    with pytest.raises(StepRefused):
        insert_phrase(encounter=draft, phrase=kept({"doctor": doctor}), into="plan", by=doctor.user)


def test_the_page_inserts_a_phrase_and_keeps_every_typed_word(at_work, page, draft, doctor):
    phrase = kept({"department": doctor.department})
    asked = {"phrase": phrase.pk, "into": "plan", "insert_phrase": "1"}

    answer = at_work.post(page, opened(at_work, page) | LINES | asked | {"plan": "Rest", "history": "Cough"})

    draft.refresh_from_db()
    assert (draft.history, draft.plan) == ("Cough", "Rest\nThroat red, chest clear.")
    assert answer.url == f"{page}#id_plan"


def test_a_phrase_that_was_not_chosen_loses_no_word(at_work, page, draft, doctor):
    kept({"doctor": doctor})
    asked = {"phrase": "", "into": "plan", "insert_phrase": "1"}

    answer = at_work.post(page, opened(at_work, page) | LINES | asked | {"plan": "Rest"})

    assert answer.context["form"]["plan"].value() == "Rest"
    assert list(answer.context["shortcuts"].form.errors) == ["phrase"]


def test_a_phrase_never_overwrites_words_of_another_tab(at_work, page, draft, doctor):
    old = opened(at_work, page) | LINES | {"phrase": kept({"doctor": doctor}).pk, "into": "plan"}
    at_work.post(page, opened(at_work, page) | LINES | {"plan": "Antibiotics"})

    answer = at_work.post(page, old | {"plan": "Rest", "insert_phrase": "1"})

    draft.refresh_from_db()
    assert (answer.status_code, draft.plan) == (409, "Antibiotics")
    assert answer.context["form"]["plan"].value() == "Rest"


def test_an_own_phrase_stands_before_the_departments(at_work, page, doctor, colleague):
    kept({"department": doctor.department}, text="Theirs")
    kept({"doctor": doctor}, text="Mine")
    kept({"doctor": colleague}, text="Another's")

    choices = at_work.get(page).context["shortcuts"].form.fields["phrase"].choices

    assert [label for _value, label in choices] == ["Choose…", ".urti: Mine", ".urti: Theirs"]


def test_in_the_list_a_doctor_changes_their_own_and_reads_the_departments(at_work, doctor, colleague):
    own, shared = kept({"doctor": doctor}), kept({"department": doctor.department}, "fever")
    others = kept({"doctor": colleague})
    answer = {"abbreviation": "cold", "text": "Nose runs", "is_active": "on"}

    send(at_work, f"{LIST}add/", answer)
    send(at_work, f"{LIST}{own.pk}/change/", answer | {"abbreviation": "throat"})
    refused = at_work.post(f"{LIST}{shared.pk}/change/", answer)

    listed = at_work.get(LIST).context["cl"].result_list
    assert [(str(row), row.whose) for row in listed] == [
        (".cold", "Only you"),
        (".fever", str(doctor.department)),
        (".throat", "Only you"),
    ]
    assert Phrase.objects.get(abbreviation="cold").doctor == doctor
    assert (refused.status_code, at_work.get(f"{LIST}{others.pk}/change/").status_code) == (403, 302)
    assert "Throat red" in at_work.get(f"{LIST}{shared.pk}/change/").text


def test_the_head_shares_a_phrase_with_the_department(client, head, doctor):
    client.force_login(head.user)
    answer = {"abbreviation": "cold", "text": "Nose runs", "is_active": "on"}

    send(client, f"{LIST}add/", answer | {"department": head.department.pk})
    client.force_login(doctor.user)
    send(client, f"{LIST}add/", answer | {"department": head.department.pk})

    owners = Phrase.objects.order_by("pk").values_list("doctor", "department")
    assert list(owners) == [(None, head.department.pk), (doctor.pk, None)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(count, at_work, doctor, django_assert_num_queries):
    for number in range(count):
        kept({"department": doctor.department}, f"p{number}")
    at_work.get(LIST)

    with django_assert_num_queries(7):
        at_work.get(LIST)
