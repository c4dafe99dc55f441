from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.forms import DatePartsField


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("27", "3", "1984"),
        ("27", "03", "1984"),
        ("27", "March", "1984"),
        ("27", "mar.", "1984"),
        (" 27 ", " MAR ", " 1984 "),
    ],
)
def test_date_accepts_months_as_numbers_and_names(day, month, year):
    assert DatePartsField().clean([day, month, year]) == date(1984, 3, 27)


@pytest.mark.parametrize(
    ("day", "month", "year", "message"),
    [
        ("", "", "", "Enter the date of birth."),
        ("", "3", "1984", "The date of birth must include a day."),
        ("27", "", "", "The date of birth must include a month and year."),
        ("31", "2", "1984", "31 2 1984 is not a real date."),
        ("29", "2", "1983", "29 2 1983 is not a real date."),
        ("0", "2", "1984", "0 2 1984 is not a real date."),
        ("27", "13", "1984", "27 13 1984 is not a real date."),
        ("27", "Marz", "1984", "27 Marz 1984 is not a real date."),
        ("27", "3", "84", "Enter the year with four digits, for example 1984."),
        ("27", "3", "19 84", "Enter the year with four digits, for example 1984."),
        ("27", "3", "१९८४", "Enter the year with four digits, for example 1984."),
    ],
)
def test_an_invalid_date_is_refused_with_the_reason(day, month, year, message):
    with pytest.raises(ValidationError) as refused:
        DatePartsField().clean([day, month, year])

    assert refused.value.messages == [message]


def test_each_part_of_a_date_has_a_label_and_an_autocomplete_token():
    class Form(forms.Form):
        born = DatePartsField(autocomplete="bday")

    html = str(Form(initial={"born": date(1984, 3, 27)})["born"])

    assert html.count("<label") == 3
    for part, number, value in (("day", 0, 27), ("month", 1, 3), ("year", 2, 1984)):
        assert f'<label for="id_born_{number}">{part.title()}</label>' in html
        assert f'name="born_{part}" value="{value}"' in html
        assert f'autocomplete="bday-{part}"' in html
