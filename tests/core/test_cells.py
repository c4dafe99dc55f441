"""Cells of tables: formulas do not run, and what is exported can be imported without a difference."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hms.core.tables.cells import cell_of, value_of
from hms.core.typed_text import clean_text

pytestmark = pytest.mark.feature("A06")


@pytest.mark.parametrize("begins", list("=+-@\t\r\n＝＋－＠"))  # noqa: RUF001
def test_a_cell_that_begins_like_a_formula_begins_with_an_apostrophe(begins):
    assert cell_of(f"{begins}SUM(A1)") == f"'{begins}SUM(A1)"
    assert cell_of(f"'{begins}SUM(A1)") == f"''{begins}SUM(A1)"


@given(st.text(alphabet="'=+-@\t ab1"))
@example("'=1")
@example("+919845012345")
@example("'Asha'")
def test_a_cell_comes_back_as_it_was(text):
    text = clean_text(text, lines=True).strip(" ")

    assert value_of(cell_of(text)) == text
    assert not cell_of(text).startswith(("=", "+", "-", "@", "\t"))


def test_old_text_is_cleaned_on_the_way_out_and_numbers_become_text_on_the_way_in():
    assert cell_of("Asha\x07\u202e Rao") == "Asha Rao"
    assert [value_of(cell) for cell in (9845012345, 7.0, 1.5, True, None)] == [
        *("9845012345", "7", "1.5"),
        *(True, None),
    ]
