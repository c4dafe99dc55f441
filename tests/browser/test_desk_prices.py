"""Prices at the desk and results in other units on a telephone: axe, width and policy on each page."""

from decimal import Decimal

import pytest

from tests.browser.rows import given_a_doctor, given_a_visit
from tests.clinical.lab_rows import released
from tests.factories import doctor_with_hours, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.feature("S12")
def test_the_desk_sees_prices_with_tax_on_a_telephone(visitor):
    visit = given_a_visit(given_a_doctor(), 11, days=1)
    doctor_with_hours(full_name="Dr Asha Rao", fee=Decimal("900.00"))
    desk = visitor(width=360)
    desk.logs_in_as(staff("receptionist"))

    desk.opens(f"/admin/scheduling/appointment/add/?patient={visit.patient.reference}")
    desk.sees("with tax")
    desk.opens(
        f"/admin/scheduling/appointment/add/?patient={visit.patient.reference}"
        f"&doctor={visit.doctor.reference}&day={visit.starts_at:%Y-%m-%d}"
    )
    desk.sees("This patient already has a visit with this doctor on this day: 11:00 AM.")
    desk.opens(f"/admin/scheduling/appointment/{visit.pk}/reschedule/")
    desk.page.get_by_label("Doctor").select_option(index=0)
    desk.presses("Show times")
    desk.sees("A visit to this doctor costs ₹959.00 with tax.")


@pytest.mark.feature("C06")
def test_a_doctor_reads_a_result_in_the_other_unit_on_a_telephone(visitor):
    doctor = given_a_doctor()
    result = released(doctor, "1.0", code="creat", patient=given_a_visit(doctor, 11, days=1).patient)
    meera = visitor(width=360, javascript=True)
    meera.logs_in_as(doctor.user)

    meera.opens(f"/admin/results/{result.reference}/")
    meera.follows("Show in µmol/L")
    meera.sees("88.4 µmol/L", "reported as 1.00 mg/dL")
    meera.follows("Show in mg/dL")
    meera.sees("1.00 mg/dL")
