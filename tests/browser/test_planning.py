"""The pages of no-shows, extra places and registers, on a telephone and in the dark; axe checks each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.services import DiagnosisLine, finish_visit, open_encounter, save_draft
from hms.core.rights import SYSTEM
from scheduling.models import NoShowModel, OverbookingRule
from scheduling.no_show.logistic import NAMES
from scheduling.no_show.measures import fit_and_try
from scheduling.services import activate_no_show_model
from tests.browser.rows import given_a_doctor, given_a_visit
from tests.clinical.rows import TEXTS, visit_today
from tests.factories import PatientFactory, at, staff
from tests.scheduling.outcomes import drawn

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S20")
def test_an_administrator_reads_the_report_of_a_model_and_activates_it(visitor):
    visit_today(given_a_doctor(), starts_at=at(9, days=-2), status="no_show", created_at=at(9, days=-9))
    coefficients, report = fit_and_try(drawn(900))
    model = NoShowModel.objects.create(
        name="Own visits",
        coefficients=coefficients,
        data_until=timezone.localdate(),
        visits=900,
        report=report.as_data(),
    )
    for options in ({"width": 360}, {"width": 1280, "dark": True}):
        ada = visitor(**options)
        ada.logs_in_as(staff("administrator"))
        ada.opens("/admin/scheduling/noshowmodel/")
        ada.opens(f"/admin/scheduling/noshowmodel/{model.pk}/change/")
        ada.sees("Worst group:", "Calibration slope")

    ada.presses("Activate")
    ada.sees("Own visits is used from now on.", "This model is in use.")


@pytest.mark.feature("S20")
def test_the_desk_gives_an_extra_place_in_a_full_session(visitor):
    doctor = given_a_doctor()
    doctor.schedules.exclude(weekday=1).delete()
    shift = doctor.schedules.get()
    slots = int(timedelta(hours=shift.ends_at.hour - shift.starts_at.hour).total_seconds()) // 60
    for number in range(slots // shift.slot_minutes):
        minutes = number * shift.slot_minutes
        given_a_visit(doctor, shift.starts_at.hour + minutes // 60, minutes % 60, days=1)
    OverbookingRule.objects.create(doctor=doctor, most_risk_percent=30)
    even = {"coefficients": dict.fromkeys(NAMES, 0.0), "data_until": timezone.localdate(), "visits": 1}
    activate_no_show_model(model=NoShowModel.objects.create(name="Even", **even), by=SYSTEM)
    patient = PatientFactory()
    day = at(9).date().isoformat()
    desk = visitor(width=360)
    desk.logs_in_as(staff("receptionist"))

    desk.opens(
        f"/admin/scheduling/appointment/add/?patient={patient.reference}&doctor={doctor.reference}&day={day}"
    )
    desk.sees("Extra places", "places are expected to be used")
    desk.page.locator("input[value^='extra:']").check(force=True)
    desk.presses("Book")
    desk.sees("is booked with", "Risk of a no-show: 50%")


@pytest.mark.feature("R05")
def test_the_registers_fit_a_telephone_and_are_readable_in_the_dark(visitor):
    doctor = given_a_doctor()
    encounter = open_encounter(appointment=visit_today(doctor), by=doctor.user)
    lines = [DiagnosisLine("Dengue", "A90")]
    save_draft(encounter=encounter, **TEXTS, diagnoses=lines, by=doctor.user)
    finish_visit(encounter=encounter, by=doctor.user)
    for login, slugs in (
        (staff("administrator"), ("outpatient-register", "quarterly-counts", "notifiable-counts")),
        (doctor.user, ("notifiable-diseases",)),
        (staff("nurse"), ("schedule-h1",)),
    ):
        for options in ({"width": 360}, {"width": 1280, "dark": True}):
            person = visitor(**options)
            person.logs_in_as(login)
            for slug in slugs:
                person.opens(f"/admin/reports/{slug}/")
