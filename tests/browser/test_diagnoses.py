"""A doctor looks up a diagnosis while typing; tests/clinical/test_diagnosis_pages.py does without scripts."""

import pytest

from tests.clinical.rows import doctor_at_work

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("C12")]


@pytest.mark.parametrize("width", [360, 1280])
def test_a_diagnosis_is_found_while_it_is_typed(visitor, width):
    doctor = visitor(width=width)
    doctor.logs_in_as(doctor_at_work().user)
    doctor.opens("/admin/diagnoses/")

    doctor.page.get_by_label("Diagnosis, abbreviation or code").press_sequentially("tenis elb")
    doctor.page.get_by_text("Lateral epicondylitis").wait_for()

    doctor.looks()
