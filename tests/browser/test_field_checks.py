"""A field of the sign-up form is checked when the keyboard leaves it."""

import pytest
from playwright.sync_api import expect

from accounts.models import Patient

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("A01")]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_slip_is_told_on_leaving_its_field_and_gone_when_corrected(visitor, width):
    asha = visitor(width=width)
    asha.opens("/accounts/signup/")
    phone, street = (asha.page.locator(f"[name={each}]") for each in ("phone", "street"))
    hint = phone.get_attribute("aria-describedby")
    said = asha.page.locator("#div_id_phone .field-check")

    phone.focus()
    asha.page.keyboard.type("12345")
    asha.page.keyboard.press("Tab")

    expect(said).to_contain_text("Error: Enter a phone number, for example 98765 43210")
    expect(said).to_have_attribute("aria-live", "polite")
    expect(street).to_be_focused()
    expect(phone).to_have_attribute("aria-invalid", "true")
    assert phone.get_attribute("aria-describedby") == f"{hint} id_phone_error"
    asha.looks()

    asha.page.keyboard.press("Shift+Tab")
    asha.page.keyboard.type("98450 12345")
    asha.page.keyboard.press("Tab")

    expect(said).to_have_text("")
    expect(phone).not_to_have_attribute("aria-invalid", "true")
    assert (phone.get_attribute("aria-describedby"), phone.input_value()) == (hint, "98450 12345")
    assert not Patient.objects.exists()


def test_fields_that_were_only_passed_or_are_begun_say_nothing(visitor):
    asha = visitor()
    asha.opens("/accounts/signup/")
    asha.page.locator("[name=full_name]").focus()
    for _step in range(12):
        asha.page.keyboard.press("Tab")
    asha.page.locator("[name=date_of_birth_day]").fill("31")

    with asha.page.expect_response(lambda response: response.request.method == "POST"):
        asha.page.locator("[name=date_of_birth_month]").fill("2")
        asha.page.keyboard.press("Tab")

    expect(asha.page.locator(".field-error")).to_have_count(0)
    asha.page.keyboard.type("1984")
    asha.page.keyboard.press("Tab")
    birth = asha.page.locator("#div_id_date_of_birth")
    expect(birth.locator(".field-error")).to_contain_text("31 2 1984 is not a real date.")
    expect(birth.locator("fieldset")).to_have_attribute(
        "aria-describedby", "id_date_of_birth_helptext id_date_of_birth_error"
    )
    asha.looks()


def test_what_is_typed_in_a_password_stays(visitor):
    asha = visitor()
    asha.opens("/accounts/signup/")

    asha.fills(password1="short", password2="three quiet swans")
    expect(asha.page.locator("#div_id_password1 .field-error")).to_contain_text("This password is too short.")
    asha.fills(password1="three quiet herons")
    asha.page.keyboard.press("Tab")
    expect(asha.page.locator("#div_id_password1 .field-error")).to_have_count(0)
    asha.fills(password2="three quiet cranes")
    asha.page.keyboard.press("Tab")

    expect(asha.page.locator("#div_id_password2 .field-error")).to_contain_text("same password")
    kept = [asha.page.locator(f"[name=password{n}]").input_value() for n in (1, 2)]
    assert kept == ["three quiet herons", "three quiet cranes"]
