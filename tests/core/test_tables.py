"""Tables that come in: nothing is guessed; tables that go out: an error quotes no values."""

import traceback

import pytest

from hms.core.tables.exports import TableFailed, without_values
from hms.core.tables.widgets import IsoDateWidget, YesNoWidget

pytestmark = pytest.mark.feature("A06")


@pytest.mark.parametrize("written", ["03/04/2030", "4 March 2030", "2030-3-4x", "2030-02-30"])
def test_a_date_in_another_form_is_refused_with_the_form_in_words(written):
    with pytest.raises(ValueError, match="Write dates as YYYY-MM-DD, for example 1984-03-27"):
        IsoDateWidget().clean(written)


def test_yes_and_no_are_read_in_any_case_and_nothing_else_is_guessed():
    assert [YesNoWidget().clean(word) for word in ("1", "TRUE", "yes", True)] == [True] * 4
    assert [YesNoWidget().clean(word) for word in ("0", "False", "No ", False)] == [False] * 4
    with pytest.raises(ValueError, match="“maybe” is neither"):
        YesNoWidget().clean("maybe")


def test_a_failed_export_tells_the_place_and_no_value():
    with pytest.raises(TableFailed) as failed, without_values():
        raise ValueError("Asha Rao cannot be written")

    told = "".join(traceback.format_exception(failed.value))
    assert "ValueError in " in told
    assert "Asha" not in told
