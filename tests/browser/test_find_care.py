"""Somebody who does not know whom to see is led to a doctor, or to the telephone."""

import pytest
from playwright.sync_api import expect

from hms.advice.models import Article
from tests.browser.keyboard import Keyboard
from tests.factories import DepartmentFactory, doctor_with_hours

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("S15")]


@pytest.fixture(autouse=True)
def hospital(live_server):
    bones = DepartmentFactory(slug="bones", name="Orthopaedics")
    doctor_with_hours(
        full_name="Dr Vikram Hegde", department=bones, specialization__name="Orthopaedic Surgeon"
    )
    Article.objects.create(
        kind="preparation", slug="urine", title="Collecting a urine sample", words="urine test",
        text="# Before\n\n- Wash.\n\nBring it soon.", source="Our laboratory, 2026", is_published=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("width", "javascript", "dark"), [(360, True, True), (360, False, False), (1280, True, False)]
)
def test_words_lead_to_a_doctor_and_an_emergency_to_the_telephone(visitor, width, javascript, dark):
    asha = visitor(width=width, javascript=javascript, dark=dark)
    asha.opens("/")
    asha.follows("Not sure whom to see?")
    asha.page.get_by_label("What is wrong").fill("knee pian")
    asha.presses("Show whom to see")
    expect(asha.page.locator("h3 a")).to_have_text("Dr Vikram Hegde")

    asha.page.get_by_label("What is wrong").fill("chest pain")
    asha.presses("Show whom to see")
    expect(asha.page.get_by_role("alert")).to_contain_text("This is an emergency: call 108")
    assert asha.page.url.endswith("/find-care/")

    asha.opens("/advice/")
    asha.follows("Collecting a urine sample")
    asha.opens("/doctors/?q=palpitatoins")


def test_the_keyboard_alone_chooses_from_the_list_of_complaints(visitor):
    asha = visitor()
    asha.opens("/find-care/")
    keyboard = Keyboard(asha)
    keyboard.tabs_to("Bone, joint and back pain")
    with asha.page.expect_navigation():
        asha.page.keyboard.press("Enter")

    asha.looks()
    expect(asha.page.locator("h3 a")).to_have_text("Dr Vikram Hegde")


def test_names_are_suggested_while_typing_and_not_put_into_the_address(visitor):
    asha = visitor()
    asha.opens("/doctors/")
    asha.page.locator("[name=q]").focus()
    asha.page.keyboard.type("orthopeadi", delay=20)
    asha.context.clock.run_for(400)

    option = asha.page.locator("#doctor-words option").first
    expect(option).to_have_attribute("value", "Orthopaedics")
    assert asha.page.url.endswith("/doctors/")
    asha.page.locator("[name=q]").fill("Orthopaedics")
    asha.page.keyboard.press("Enter")
    expect(asha.page.locator("#results h3 a")).to_have_text("Dr Vikram Hegde")
    asha.looks()
