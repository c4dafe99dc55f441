"""Reports as their readers use them: the dashboard, a filter, the list behind a number, the file, paper."""

import csv
import io
import re

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Complaint
from scheduling.services import check_in
from tests.browser.keyboard import Keyboard
from tests.browser.rows import given_a_doctor, given_a_visit
from tests.factories import staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("R03")]
DAY = "first=2026-11-23&last=2026-11-23"
PER_DOCTOR = f"/admin/reports/patients-per-doctor/?{DAY}"
PAGES = (
    *("", "patients-per-doctor/", "bookings/", "doctors/", "peak-hours/", "patients-by-age/", "revenue/"),
    *("outcomes/", "outpatient-register/", "gst/", "bookings/?departmnt=cardiology"),
)


def given_a_day() -> None:
    meera, kiran = given_a_doctor(), given_a_doctor("Dr Kiran Shah", "Paediatrics")
    for visit in (given_a_visit(meera, 9, 30), given_a_visit(meera, 10, 0), given_a_visit(kiran, 9, 30)):
        check_in(appointment=visit, by=SYSTEM)


def listed(asha) -> int:
    return asha.page.locator("#result_list tbody tr").count()


def test_a_number_is_found_filtered_followed_and_downloaded(visitor):
    given_a_day()
    asha = visitor()
    asha.logs_in_as(staff("administrator", full_name="Asha Admin"))

    asha.opens("/admin/reports/")
    asha.sees("Hospital", "Appointments today", "All reports")
    asha.opens(PER_DOCTOR)
    asha.sees("Dr Meera Iyer", "Different patients who came to the doctor")
    drawn = asha.page.locator(".report-plot title").all_text_contents()
    data = asha.fetches("Download as CSV").body().decode("utf-8-sig")
    asha.selects(doctor="Dr Meera Iyer")
    asha.presses("Show")
    assert asha.page.locator(".report-table tbody tr").count() == 1
    asha.clicks(asha.page.locator(".report-table tbody td a").last)

    asha.sees("Patients per doctor: Visits, 23 Nov 2026")
    assert listed(asha) == 2
    rows = list(csv.DictReader(io.StringIO(data)))
    assert {row["Doctor"]: row["Visits"] for row in rows} == {"Dr Kiran Shah": "1", "Dr Meera Iyer": "2"}
    titles = [f"{row['Doctor']}, {name}: {row[name]}" for row in rows for name in ("Patients", "Visits")]
    assert drawn == titles
    for slug in ("peak-hours", "bookings", "doctors", "revenue", "outcomes"):
        asha.opens(f"/admin/reports/{slug}/")


def test_a_bar_and_a_cell_lead_to_their_lists(visitor):
    given_a_day()
    asha = visitor()
    asha.logs_in_as(staff("administrator"))

    asha.opens(f"/admin/reports/peak-hours/?{DAY}")
    asha.clicks(asha.page.locator(".report-plot a").last)
    at_ten = listed(asha)
    asha.opens(f"/admin/reports/patients-by-age/?{DAY}")
    asha.clicks(asha.page.locator(".report-plot a").first)

    asha.sees("Patients by age and sex")
    assert (at_ten, listed(asha)) == (1, 3)


def test_a_number_is_followed_with_the_keyboard(visitor):
    given_a_day()
    asha = visitor()
    asha.logs_in_as(staff("receptionist"))

    asha.opens(PER_DOCTOR)
    hands = Keyboard(asha)
    asha.page.locator(".wide-table").focus()
    hands.tabs_to("2")
    hands.goes_on_with("Enter")

    asha.sees("Patients per doctor")
    assert listed(asha) == 2


def test_paper_has_the_whole_table_and_no_controls(visitor):
    given_a_day()
    asha = visitor(width=768)
    asha.logs_in_as(staff("administrator"))

    for slug in ("outpatient-register", "patients-per-doctor"):
        asha.page.goto(f"/admin/reports/{slug}/?{DAY}")
        asha.page.emulate_media(media="print")

        assert asha.page.locator(".report-table").is_visible()
        for hidden in (".board-filter", "ul.tools", "#nav-sidebar"):
            assert not asha.page.locator(hidden).filter(visible=True).count()
        table, window = asha.page.evaluate(
            "[document.querySelector('.report-table').getBoundingClientRect().right, innerWidth]"
        )
        assert table <= window
        asha.page.emulate_media(media="screen")


@pytest.mark.parametrize(
    ("width", "dark", "javascript"), [(360, True, False), (768, False, False), (1440, True, True)]
)
def test_reports_fit_their_window_in_light_and_dark_and_need_no_scripts(visitor, width, dark, javascript):
    given_a_day()
    Complaint.objects.filter(name__startswith="S").delete()
    asha = visitor(width=width, dark=dark, javascript=javascript)
    asha.logs_in_as(staff("administrator"))

    for path in PAGES:
        asha.opens(f"/admin/reports/{path}")
    asha.opens("/admin/scheduling/complaint/shipped/")
    asha.opens(PER_DOCTOR)
    asha.clicks(asha.page.locator(".report-table tbody td a").last)
    assert re.search("counted=", asha.page.url)
