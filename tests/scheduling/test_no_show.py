"""Who sees how likely a no-show is, what an estimate knows, and how models are fitted and activated."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.roles import STAFF_ROLES, Role
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, NoShowModel
from scheduling.no_show.facts import Facts
from scheduling.no_show.logistic import BRAZIL_2016, probability
from scheduling.services import activate_no_show_model, check_in, mark_no_show, store_no_show_model
from scheduling.services.no_show import Estimator, latest_outcomes, no_show_risks
from tests.factories import PatientFactory, at, doctor_with_hours, staff
from tests.scheduling.admin_day import change_page, list_page, visit
from tests.scheduling.outcomes import drawn
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S20")]


@pytest.fixture
def doctor():
    return doctor_with_hours()


@pytest.fixture
def patient():
    return PatientFactory(date_of_birth=at(0).date() - timedelta(days=40 * 366))


def at_ten(days_ago: int):
    return time_machine.travel(at(10, days=-days_ago), tick=False)


def missed_visit(doctor, patient, *, booked: int, days_ago: int) -> Appointment:
    with at_ten(booked):
        appointment = visit(doctor, 9, days=booked - days_ago, patient=patient)
    with at_ten(days_ago):
        return mark_no_show(appointment=appointment, by=SYSTEM)


def kept_visit(doctor, patient, *, booked: int, days_ago: int) -> Appointment:
    with at_ten(booked):
        appointment = visit(doctor, 11, days=booked - days_ago, patient=patient)
    with at_ten(days_ago):
        return check_in(appointment=appointment, by=SYSTEM)


def another_model(**fields) -> NoShowModel:
    fields = {"name": "Own", "coefficients": BRAZIL_2016, "data_until": at(0).date(), "visits": 600} | fields
    return NoShowModel.objects.create(**fields)


def test_an_estimate_counts_what_was_known_before_the_day_of_the_booking(doctor, patient):
    missed_visit(doctor, patient, booked=30, days_ago=20)
    kept_visit(doctor, patient, booked=18, days_ago=15)
    with at_ten(10):
        coming = visit(doctor, 9, days=13, patient=patient)
    missed_visit(doctor, patient, booked=9, days_ago=5)  # nobody knew that when `coming` was booked

    [risk] = no_show_risks([coming], by=SYSTEM).values()

    assert risk == probability(BRAZIL_2016, Facts(13, 40, 2, 1))


def test_who_has_come_has_no_risk_and_a_cancelled_visit_has_none_either(doctor, patient):
    arrived = kept_visit(doctor, patient, booked=2, days_ago=1)

    assert no_show_risks([arrived], by=SYSTEM) == {}
    assert Estimator.of([patient.pk]).risk(arrived) == 0.0


def test_estimates_take_the_same_queries_for_any_number_of_visits(doctor, django_assert_num_queries):
    several = [visit(doctor, 9 + number, days=1) for number in range(3)]
    rows = list(Appointment.objects.filter(pk__in=[row.pk for row in several]).select_related("patient"))

    for some in (rows[:1], rows):
        with django_assert_num_queries(2):
            no_show_risks(some, by=SYSTEM)


def test_reception_and_administrators_see_the_estimate_and_nobody_else(client, doctor):
    coming = visit(doctor, 10, days=1)
    shown = []
    for role in STAFF_ROLES:
        client.force_login(staff(role))
        if "Risk of a no-show" in client.get(change_page(coming)).text:
            shown.append(role)

    assert set(shown) == {Role.RECEPTIONIST, Role.ADMINISTRATOR}
    assert no_show_risks([coming], by=staff("doctor")) == {}


def test_the_day_board_shows_the_estimate_beside_who_is_to_come(client, doctor):
    coming = visit(doctor, 10, days=1)
    risk = no_show_risks([coming], by=SYSTEM)[coming.pk]
    address = f"/admin/day-board/?day={at(10).date().isoformat()}"
    client.force_login(staff("receptionist"))
    seen = text(client.get(address))
    client.force_login(staff("nurse"))

    assert f"risk of a no-show {risk:.0%}" in seen
    assert "risk of a no-show" not in text(client.get(address))


# --- models


def test_the_model_that_comes_with_the_software_is_active_and_stays_as_it_is_when_migrated_again():
    call_command("migrate", verbosity=0)

    [model] = NoShowModel.objects.all()
    assert (model.name, model.is_active, model.coefficients) == ("Brazil 2016 prior", True, BRAZIL_2016)


def test_only_an_administrator_activates_a_model_and_the_log_says_who():
    model, administrator = another_model(), staff("administrator")
    for role in ("receptionist", "doctor", "auditor"):
        with pytest.raises(NotAllowed):
            activate_no_show_model(model=model, by=staff(role))

    activate_no_show_model(model=model, by=administrator)
    again = activate_no_show_model(model=model, by=staff("administrator"))

    assert NoShowModel.objects.active() == model
    assert again.activated_by == administrator
    entries = AuditEvent.objects.filter(model="scheduling.noshowmodel", object_pk=str(model.pk))
    assert entries.filter(action="update", actor=administrator).count() == 1


def test_an_administrator_reads_the_reports_and_activates_by_a_button(client, doctor, patient):
    missed_visit(doctor, patient, booked=9, days_ago=5)
    kept_visit(doctor, patient, booked=9, days_ago=4)
    model = another_model()
    client.force_login(staff("administrator"))

    page = client.get(change_page(model))
    seen = {"fingerprint": page.context["activate"]["fingerprint"].value()}
    client.post(change_page(model).replace("change", "activate"), seen)

    assert "Worst group" not in text(page)  # too few visits to judge a group
    assert "Visits 2 No-shows 50%" in text(page)
    assert NoShowModel.objects.active() == model
    assert "This model is in use." in text(client.get(change_page(model)))


def test_the_list_and_the_page_of_models_are_for_administrators(client):
    model = another_model()
    opened_by = []
    for role in STAFF_ROLES:
        client.force_login(staff(role))
        found = {client.get(page).status_code for page in (list_page(NoShowModel), change_page(model))}
        if found == {200}:
            opened_by.append(role)
        refused = client.post(change_page(model).replace("change", "activate")).status_code
        assert refused == (302 if role == Role.ADMINISTRATOR else 403)

    assert opened_by == [Role.ADMINISTRATOR]
    assert NoShowModel.objects.active() != model


# --- the command


def fitted(*arguments) -> str:
    out = StringIO()
    call_command("fit_no_show", *arguments, stdout=out)
    return out.getvalue()


def test_with_few_outcomes_the_command_says_so_and_changes_nothing(doctor, patient):
    kept_visit(doctor, patient, booked=9, days_ago=4)

    assert fitted() == "1 visits have an outcome, and a fit needs 500: nothing is changed.\n"
    assert NoShowModel.objects.count() == 1


def test_outcomes_are_those_of_days_that_are_over_of_visits_booked_before_their_time(doctor, patient):
    missed = missed_visit(doctor, patient, booked=9, days_ago=5)
    kept_visit(doctor, patient, booked=2, days_ago=0)  # today is not over
    with at_ten(3):
        walked_in = visit(doctor, 10, patient=patient)  # begins when it is booked
        check_in(appointment=walked_in, by=SYSTEM)
    visit(doctor, 9, days=3, patient=patient)

    [found] = latest_outcomes()

    assert (found.patient, found.missed, found.age) == (patient.pk, True, 40)
    assert found.visit_on == missed.starts_at.date()
    assert (found.visit_on - found.booked_on).days == 4


def test_a_fit_is_stored_with_its_report_and_is_not_used_before_it_is_activated(doctor):
    outcomes = drawn(700)
    before = NoShowModel.objects.active()

    model = store_no_show_model(outcomes=outcomes, coefficients=BRAZIL_2016, report=None, by=SYSTEM)

    assert NoShowModel.objects.active() == before
    assert (model.visits, model.data_until) == (700, max(one.visit_on for one in outcomes))
    with pytest.raises(NotAllowed):
        store_no_show_model(
            outcomes=outcomes, coefficients=BRAZIL_2016, report=None, by=staff("administrator")
        )


def test_a_csv_file_is_reported_on_and_stores_nothing(tmp_path):
    file = tmp_path / "visits.csv"
    lines = ["patient,booked_on,visit_on,age,missed"]
    lines += [
        f"{one.patient},{one.booked_on},{one.visit_on},{one.age},{'yes' if one.missed else 'no'}"
        for one in drawn(2_000)
    ]
    file.write_text("\n".join([*lines, "1,2026-01-05,2026-01-02,40,no"]))

    report = fitted(f"--csv={file}")

    assert report.startswith(
        "2000 visits read, 1 impossible ones left out.\n"
        "  line 2002: booked on 2026-01-05, after the visit on 2026-01-02\n"
        "Estimates rest on: lead, same_day, age, years_over_30, child, missed_share, earlier_visits. "
        "Gender only tells groups apart here.\n\nBrazil 2016 prior, the model in use"
    )
    for words in ("AUC", "Brier score", "calibration intercept", "calibration slope", "worst group: "):
        assert report.count(words) == 2  # of the model in use, and of the new fit on later days
    assert "same_day" in report
    assert report.endswith("Nothing has been stored.\n")
    assert NoShowModel.objects.count() == 1


def test_a_csv_file_that_cannot_be_read_ends_the_command_with_its_reason(tmp_path):
    (tmp_path / "visits.csv").write_text("patient,age\n")

    with pytest.raises(CommandError, match="The file has no column booked_on, visit_on, missed"):
        fitted(f"--csv={tmp_path / 'visits.csv'}")
