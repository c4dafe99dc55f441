"""What is typed into a draft is saved while somebody types on, and when the page is left."""

import pytest

from clinical.models import Encounter
from tests.browser.rows import given_a_doctor
from tests.browser.steps_clinical import given_a_waiting_patient, when_beginning_from_the_board
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("C01")]
SOON_MS, STEP_MS = 10_000, 100


@pytest.fixture
def meera(visitor):
    """A doctor at a tablet, who has begun a consultation."""
    doctor = given_a_doctor()
    given_a_waiting_patient(doctor)
    meera = visitor(width=768)
    meera.logs_in_as(doctor.user)
    when_beginning_from_the_board(meera)
    return meera


def then_history_becomes(meera: Visitor, words: str) -> None:
    for _step in range(SOON_MS // STEP_MS):
        if Encounter.objects.get().history.startswith(words):
            return
        meera.page.wait_for_timeout(STEP_MS)
    raise AssertionError(f"{words} was not saved: {Encounter.objects.get().history}")


def test_words_are_saved_when_the_page_is_left_at_once(meera):
    meera.page.get_by_label("History:").press_sequentially("Cough since Monday")

    meera.page.get_by_role("link", name="Home").first.click()

    then_history_becomes(meera, "Cough since Monday")


def test_words_are_saved_while_somebody_types_without_a_pause(meera):
    meera.page.get_by_label("History:").press_sequentially("on and on " * 12, delay=100)

    then_history_becomes(meera, "on and on")
