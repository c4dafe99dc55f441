"""Ages are given in the unit that fits."""

from datetime import date

import pytest

from accounts.ages import age_in_words, completed_months
from accounts.models import Patient

pytestmark = pytest.mark.feature("C17")


@pytest.mark.parametrize(
    ("born", "day", "words"),
    [
        (date(2026, 1, 31), date(2026, 1, 31), "0 days"),
        (date(2026, 1, 31), date(2026, 2, 1), "1 day"),
        (date(2026, 1, 31), date(2026, 2, 27), "27 days"),
        (date(2026, 1, 31), date(2026, 2, 28), "4 weeks"),
        (date(2026, 1, 31), date(2026, 4, 30), "12 weeks"),
        (date(2026, 1, 31), date(2026, 5, 1), "3 months"),
        (date(2024, 2, 29), date(2025, 2, 28), "11 months"),
        (date(2024, 2, 29), date(2025, 3, 1), "12 months"),
        (date(2024, 2, 29), date(2026, 2, 28), "23 months"),
        (date(2024, 2, 29), date(2026, 3, 1), "2 years"),
        (date(2024, 2, 29), date(2028, 2, 28), "3 years"),
        (date(2024, 2, 29), date(2028, 2, 29), "4 years"),
        (date(1926, 6, 2), date(2026, 6, 1), "99 years"),
    ],
)
def test_the_age_is_given_in_the_unit_that_fits(born, day, words):
    assert age_in_words(born, day) == words


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2044, 2, 29)])
def test_twelve_months_are_a_year_as_elsewhere(day):
    patient = Patient(date_of_birth=date(2024, 2, 29))

    assert completed_months(patient.date_of_birth, day) // 12 == patient.age_on(day)
