"""Reports as their readers use them: the dashboard, a filter, the list behind a number, the file."""

import csv
import io

import pytest

from hms.core.rights import SYSTEM
from scheduling.services import check_in
from tests.browser.rows import given_a_doctor, given_a_visit
from tests.factories import staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("R03")]


def given_a_day() -> None:
    meera, kiran = given_a_doctor(), given_a_doctor("Dr Kiran Shah", "Paediatrics")
    for visit in (given_a_visit(meera, 9, 30), given_a_visit(meera, 10, 0), given_a_visit(kiran, 9, 30)):
        check_in(appointment=visit, by=SYSTEM)


def test_a_number_is_found_filtered_followed_and_downloaded(visitor):
    given_a_day()
    asha = visitor()
    asha.logs_in_as(staff("administrator", full_name="Asha Admin"))

    asha.opens("/admin/reports/")
    asha.sees("Hospital", "Appointments today", "All reports")
    asha.opens("/admin/reports/patients-per-doctor/?first=2026-11-23&last=2026-11-23")
    asha.sees("Dr Meera Iyer", "Different patients who came to the doctor")
    data = asha.fetches("Download as CSV").body().decode("utf-8-sig")
    asha.selects(doctor="Dr Meera Iyer")
    asha.presses("Show")
    assert asha.page.locator(".report-table tbody tr").count() == 1
    asha.page.locator(".report-table tbody td a").last.click()
    asha.sees("Patients per doctor: Visits, 23 Nov 2026")

    assert asha.page.locator("#result_list tbody tr").count() == 2
    rows = list(csv.DictReader(io.StringIO(data)))
    assert {row["Doctor"]: row["Visits"] for row in rows} == {"Dr Kiran Shah": "1", "Dr Meera Iyer": "2"}
    for slug in ("peak-hours", "bookings", "doctors", "revenue", "outcomes"):
        asha.opens(f"/admin/reports/{slug}/")


@pytest.mark.parametrize("width", [360, 768])
def test_reports_fit_a_small_window_and_need_no_scripts(visitor, width):
    given_a_day()
    asha = visitor(width=width, javascript=False)
    asha.logs_in_as(staff("administrator"))

    for path in ("", "patients-per-doctor/", "bookings/", "doctors/", "peak-hours/"):
        asha.opens(f"/admin/reports/{path}")
