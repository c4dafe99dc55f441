"""A doctor prescribes and the patient reads, on a telephone, a tablet and a desk without scripts."""

import pytest

from tests.browser.rows import given_a_doctor, given_a_visit
from tests.factories import carer_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("C04")]
LINES = "augmentin 625 bd 5d after food\nprednisolone 10 5 days 2-0-0 then 5 days 1-0-0\ndolo 650 2-2-2-2 3d"


@pytest.mark.parametrize(
    "options",
    [{"width": 360}, {"width": 768, "dark": True}, {"width": 1440, "javascript": False}],
    ids=["phone", "tablet, dark", "desk, no scripts"],
)
def test_a_doctor_prescribes_and_the_carer_reads(visitor, options):
    visit = given_a_visit(given_a_doctor(), 9, 30, full_name="Lakshmi Rao", gender="female")
    # Django's button for the colours has no name without scripts, so the staff site is checked with them.
    doctor, carer = visitor(**options | {"javascript": True}), visitor(**options)
    doctor.logs_in_as(visit.doctor.user)
    carer.logs_in_as(carer_of(visit.patient))

    doctor.opens(f"/admin/prescribe/{visit.reference}/")
    doctor.fills(lines=LINES)
    doctor.presses("Save and check")
    doctor.sees("above the daily maximum of 4000 mg", "Not checked: interactions")
    doctor.presses("Sign")
    doctor.sees("Give a reason for each finding")
    doctor.page.locator("[name^=reason-]").first.fill("For one day only")
    doctor.presses("Sign")
    doctor.sees("PARACETAMOL 650 mg", "Reg. no.")

    carer.opens("/me/records/medicines/")
    carer.clicks(carer.page.locator("main table a").first)
    carer.sees("AMOXICILLIN + CLAVULANIC ACID 500 mg + 125 mg", "After food.", "Day 6 to 10")


def test_medicines_are_proposed_while_the_doctor_types(visitor):
    visit = given_a_visit(given_a_doctor(), 9, 30, full_name="Lakshmi Rao", gender="female")
    doctor = visitor()
    doctor.logs_in_as(visit.doctor.user)

    doctor.opens(f"/admin/prescribe/{visit.reference}/")
    doctor.page.locator("[name=item-0-medicine]").press_sequentially("azithro")

    doctor.page.locator("#medicines option[value='azithromycin, tablet 500 mg']").wait_for(state="attached")
