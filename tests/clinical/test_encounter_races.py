"""Two people or two windows at one record at the same moment; real threads and commits on both databases."""

from datetime import timedelta

import pytest

from clinical.models import Addendum, Encounter
from clinical.services import add_addendum, open_encounter, save_draft, sign_encounter
from tests.clinical.rows import TEXTS, doctor_at_work, finished, visit_today
from tests.factories import ScheduleExceptionFactory, at
from tests.opened import opened
from tests.racing import race

pytestmark = [
    pytest.mark.race,
    pytest.mark.slow,
    pytest.mark.feature("C01"),
    pytest.mark.django_db(transaction=True),
]
ROUNDS = 3
NO_DIAGNOSES = {"diagnosis-TOTAL_FORMS": "0", "diagnosis-INITIAL_FORMS": "0"}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def covering(doctor):
    colleague = doctor_at_work()
    noon, hours = at(12, days=0), timedelta(hours=12)
    ScheduleExceptionFactory(
        doctor=doctor, starts_at=noon - hours, ends_at=noon + hours, covered_by=colleague
    )
    return colleague


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_doctor_and_a_covering_colleague_who_begin_at_once_get_one_record(_round, doctor, covering):
    visit = visit_today(doctor)

    outcomes = race(
        *[lambda d=each: open_encounter(appointment=visit, by=d.user) for each in (doctor, covering) * 3]
    )

    encounter = Encounter.objects.get()
    author, other = (each.user for each in (doctor, covering))
    if encounter.recorded_by == other:
        author, other = other, author
    assert outcomes == {"Encounter": 6}
    assert race(
        lambda: save_draft(encounter=encounter, **TEXTS | {"plan": "Mine"}, diagnoses=[], by=author),
        lambda: save_draft(encounter=encounter, **TEXTS | {"plan": "Theirs"}, diagnoses=[], by=other),
    ) == {"Encounter": 1, "NotYourEncounter": 1}
    assert Encounter.objects.get().plan == "Mine"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_windows_that_save_at_once_one_succeeds_and_the_others_keep_their_words(_round, doctor, client_of):
    visit = visit_today(doctor)
    open_encounter(appointment=visit, by=doctor.user)
    page = f"/admin/consultation/{visit.reference}/"
    answers = {}

    def sender(number: int):
        window, plan = client_of(doctor.user), f"Plan number {number}"
        form = opened(window, page) | NO_DIAGNOSES | {"plan": plan}

        def send() -> str:
            answers[plan] = window.post(page, form)
            return str(answers[plan].status_code)

        return send

    outcomes = race(*[sender(number) for number in range(4)])

    saved = Encounter.objects.get().plan
    assert outcomes == {"302": 1, "409": 3}
    assert [plan for plan, answer in answers.items() if answer.status_code == 302] == [saved]
    assert all(plan in answer.text for plan, answer in answers.items() if plan != saved)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_record_signed_while_it_is_saved_holds_the_words_or_refuses_them(_round, doctor):
    encounter = open_encounter(appointment=visit_today(doctor), by=doctor.user)
    save_draft(encounter=encounter, **TEXTS | {"plan": "Before"}, diagnoses=[], by=doctor.user)

    outcomes = race(
        lambda: sign_encounter(encounter=encounter, by=doctor.user).status,
        lambda: (
            save_draft(
                encounter=encounter, **TEXTS | {"plan": "Meanwhile"}, diagnoses=[], by=doctor.user
            ).plan
        ),
    )

    signed = Encounter.objects.get()
    assert signed.status == "signed"
    assert (outcomes, signed.plan) in (
        ({"signed": 1, "Meanwhile": 1}, "Meanwhile"),
        ({"signed": 1, "StepRefused": 1}, "Before"),
    )


def test_additions_of_two_doctors_at_once_are_both_kept_each_once(doctor, covering):
    encounter = finished(doctor)
    visit_today(covering, encounter.patient)

    outcomes = race(
        *[
            lambda d=each, t=f"{each.full_name} {number}": add_addendum(
                encounter=encounter, text=t, by=d.user
            )
            for number in range(2)
            for each in (doctor, covering) * 2
        ]
    )

    texts = sorted(Addendum.objects.values_list("text", flat=True))
    assert outcomes == {"Addendum": 8}
    assert texts == sorted(f"{each.full_name} {number}" for each in (doctor, covering) for number in range(2))
