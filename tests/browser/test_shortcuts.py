"""Phrases and order sets in the consultation, by keyboard alone."""

import pytest

from clinical.models import Encounter, OrderSet, Phrase
from clinical.services import save_order_set, save_phrase
from hms.core.rights import SYSTEM
from tests.browser.rows import given_a_doctor
from tests.browser.steps_clinical import (
    given_a_waiting_patient,
    then_it_was_saved_by_itself,
    when_beginning_from_the_board,
)
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("C15")]

TEXT = "Throat red,\nchest clear."


def given_a_phrase_and_a_set(doctor) -> None:
    save_phrase(phrase=Phrase(doctor=doctor, abbreviation="urti", text=TEXT), by=SYSTEM)
    order_set = OrderSet(doctor=doctor, name="Cold", test_lines="CBC", advice="Rest.", follow_up_days=7)
    save_order_set(order_set=order_set, by=SYSTEM)


def when_typing(visitor: Visitor, label: str, words: str) -> str:
    box = visitor.page.get_by_label(label, exact=True)
    box.press_sequentially(words)
    return box.input_value()


def when_pressing_enter_on(visitor: Visitor, control) -> None:
    control.focus()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.looks()


@pytest.fixture
def meera(visitor):
    """A doctor at a phone, who has begun a consultation."""
    doctor = given_a_doctor()
    given_a_phrase_and_a_set(doctor)
    given_a_waiting_patient(doctor)
    meera = visitor(width=360)
    meera.logs_in_as(doctor.user)
    when_beginning_from_the_board(meera)
    return meera


def test_an_abbreviation_becomes_its_phrase_and_undo_takes_it_back(meera):
    replaced = when_typing(meera, "Examination:", "Warm. .URTI ")
    meera.sees("“.URTI” is replaced; undo takes it back.")
    meera.page.keyboard.press("Control+z")
    undone = meera.page.get_by_label("Examination:").input_value()
    again = when_typing(meera, "Examination:", "x .urti ")
    elsewhere = when_typing(meera, "Medicines, one per line:", ".urti ")
    meera.page.get_by_label("Medicines, one per line:").fill("")
    then_it_was_saved_by_itself(meera)

    draft = Encounter.objects.get()
    assert (replaced, undone) == (f"Warm. {TEXT} ", "Warm. .URTI ")
    assert (again, elsewhere) == (f"Warm. .URTI x {TEXT} ", ".urti ")
    assert draft.examination.splitlines() == again.strip().splitlines()


def test_a_set_a_phrase_and_enter_never_sign(meera):
    when_pressing_enter_on(meera, meera.page.get_by_role("button", name="Cold"))
    meera.sees("“Cold” is added. You can change everything.")
    when_pressing_enter_on(meera, meera.page.get_by_label("Diagnosis 1", exact=True))
    meera.sees("The draft is saved.")
    meera.page.get_by_text("Phrases and more").press("Enter")
    meera.page.get_by_label("Phrase", exact=True).select_option(label=".urti: Throat red, chest clear.")
    meera.page.get_by_label("into", exact=True).select_option("Plan")
    meera.looks()
    meera.page.get_by_role("button", name="Insert").dblclick()
    meera.sees(".urti is inserted.")

    draft = Encounter.objects.get()
    assert draft.plan == TEXT
    assert (draft.test_lines, draft.advice, draft.status) == ("CBC", "Rest.", "draft")
