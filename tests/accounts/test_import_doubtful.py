"""What can be read in two ways is not read: names, ages and dates of other systems."""

import pytest

from tests.accounts.foreign import map_columns, upload

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06"), pytest.mark.usefixtures("administrator")]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Rao Asha", "Asha Rao"),
        ('"de la Cruz, José"', "José de la Cruz"),
        ("de la Cruz José", None),
        ("Rao Asha Devi", None),
    ],
)
def test_a_family_name_of_several_words_needs_a_comma(client, typed, stored):
    shown = upload(client, f"Name,DOB,Sex\n{typed},1984-03-27,F\n")

    ready = map_columns(client, shown, name_order="family_first")

    if stored is None:
        said = f"Name: “{typed}”: it is not clear where the family name ends. Write a comma after it."
        assert ready.context["bad"] == [(2, [said])]
    else:
        assert [row.instance.full_name for row in ready.context["good"]] == [stored]


@pytest.mark.parametrize(("age", "is_good"), [("42", True), ("41", True), ("24", False), ("60", False)])
def test_an_age_that_contradicts_the_birth_date_of_its_row_is_refused(client, age, is_good):
    shown = upload(client, f"Name,DOB,Age,Sex\nAsha Rao,1984-03-27,{age},F\n")

    ready = map_columns(client, shown, ages_on="2026-11-27")

    assert [row.number for row in ready.context["good"]] == [2] * is_good
    assert ("The age and the birth date of this row do not agree." in ready.text) is not is_good


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        (["27/03/1984", "03/04/1984", ""], "%d/%m/%Y"),
        (["1984-03-27"], "%Y-%m-%d"),
        (["03/04/1984"], ""),
        (["27/03/1984", "03/27/1984"], ""),
        (["27/03/1984", "unknown"], ""),
    ],
)
def test_the_form_of_dates_is_chosen_only_if_no_other_reads_them_all(client, written, chosen):
    shown = upload(client, "Name,DOB,Sex\n" + "".join(f"Asha,{text},F\n" for text in written))

    assert shown.context["form"]["date_form"].value() == chosen
    if not chosen:
        assert "Choose how the dates of the file are written." in map_columns(client, shown).text
