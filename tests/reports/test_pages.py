"""The pages of the reports: charts, tables, links, files and the dashboards."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from hms.core.money import rupees
from hms.core.rights import SYSTEM
from hms.reports.question import QUESTIONS, Kind
from scheduling.services import cancel_appointment, check_in
from tests.api.calls import Caller
from tests.billing.rows import booked
from tests.factories import DoctorFactory, at, staff
from tests.scheduling.admin_day import MORNING, doctor_with_login, visit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("R03"),
]
TODAY = MORNING.date().isoformat()


@pytest.fixture
def day():
    """A doctor's day: two patients came, one is to come, one cancelled; another doctor has a visit."""
    doctor, other = doctor_with_login(full_name="Dr Asha Own"), doctor_with_login(full_name="Dr Ben Other")
    first, second, _coming, cancelled = (
        visit(doctor, *time) for time in ((9, 30), (10, 0), (10, 30), (11, 0))
    )
    for appointment in (first, second, visit(other, 9, 30)):
        check_in(appointment=appointment, by=SYSTEM)
    cancel_appointment(appointment=cancelled, by=SYSTEM)
    return doctor


def page(client, slug: str, **asked):
    return client.get(reverse("admin:report", args=[slug]), {"first": TODAY, "last": TODAY} | asked)


@pytest.mark.parametrize("slug", QUESTIONS)
def test_file_and_api_have_the_rows_of_the_page(client, day, slug):
    user = staff("administrator", "nurse")
    client.force_login(user)
    columns = [str(column.label) for column in QUESTIONS[slug].columns]

    shown = page(client, slug).context["answer"].answer.rows
    data = client.get(f"/admin/reports/{slug}.csv", {"first": TODAY, "last": TODAY}).content
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    book = client.get(f"/admin/reports/{slug}.xlsx", {"first": TODAY, "last": TODAY}).content
    sheet = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    rows = Caller(user).get(f"reports/{slug}/?first={TODAY}&last={TODAY}").json()["rows"]

    names = [column.name for column in QUESTIONS[slug].columns]
    assert table[0] == list(sheet[0]) == columns
    assert len(table) - 1 == len(sheet) - 1 == len(rows) == len(shown)
    written = [[("" if row[name] is None else str(row[name])) for name in names] for row in rows]
    assert [[cell.lstrip("'") for cell in row] for row in table[1:]] == written
    assert [[as_text(row[one.name]) for one in QUESTIONS[slug].columns] for row in rows] == [
        [as_text(row[one.name], is_money=one.kind == Kind.MONEY) for one in QUESTIONS[slug].columns]
        for row in shown
    ]


def as_text(value, *, is_money: bool = False) -> str:
    return f"{value:.2f}" if is_money else str(value)


def test_the_chart_shows_the_table_and_its_links(client, day):
    client.force_login(staff("receptionist"))

    answer = page(client, "patients-per-doctor").context["answer"]

    bars = [(bar.title, bar.href, bar.width) for bar in answer.drawing.bars]
    [_doctor, _department, (*_patients, patients), (*_visits, visits)] = next(answer.lines())
    assert bars[:2] == [
        ("Dr Asha Own, Patients: 2", patients, 174.0),
        ("Dr Asha Own, Visits: 2", visits, 174.0),
    ]
    assert [width for _title, _href, width in bars[2:]] == [87.0, 87.0]
    assert answer.drawing.key == [(1, "Patients"), (2, "Visits")]


def test_filters_stand_in_the_address_and_narrow_the_figures(client, day):
    client.force_login(staff("receptionist"))

    filtered = page(client, "patients", doctor=day.reference, step="month")

    assert filtered.context["answer"].answer.rows[0]["visits"] == 2
    assert (
        f"patients.csv?first={TODAY}&amp;last={TODAY}&amp;doctor={day.reference}&amp;step=month"
        in filtered.text
    )


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"first": "2026-06-11"}, "__all__"),
        ({"first": "1900-01-01"}, "__all__"),
        ({"first": "2020-01-01"}, "__all__"),
        ({"first": "yesterday"}, "first"),
        ({"doctor": "ZZZZZZZZZZ"}, "doctor"),
        ({"step": "\x00"}, "step"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_shows_no_figures(client, day, asked, wrong):
    client.force_login(staff("receptionist"))

    answer = page(client, "patients", **asked)

    assert (answer.status_code, answer.context["answer"]) == (200, None)
    assert list(answer.context["form"].errors) == [wrong]


@pytest.mark.parametrize("slug", QUESTIONS)
def test_more_rows_take_no_more_queries(client, slug, django_assert_num_queries):
    client.force_login(staff("administrator", "nurse"))
    booked(at(10, days=0))
    page(client, slug)
    with CaptureQueriesContext(connection) as few:
        page(client, slug)
    for hour in (10, 11):
        booked(at(hour, 30, days=0))

    with django_assert_num_queries(len(few)):
        page(client, slug)


def test_each_dashboard_shows_its_reports_and_can_be_paused(client, day):
    client.force_login(staff("administrator"))

    shown = {
        one: [
            answer.question.slug for answer in client.get("/admin/reports/", {"show": one}).context["answers"]
        ]
        for one in ("hospital", "money", "front-desk", "laboratory", "own", "nothing")
    }
    refreshing, paused = (client.get("/admin/reports/", {"refresh": how}).text for how in ("on", "off"))

    assert shown == {
        "hospital": [
            "bookings",
            "patients-per-department",
            "revenue",
            "peak-hours",
            "utilization",
            "no-shows",
        ],
        "money": ["revenue", "revenue-per-method", "revenue-per-department", "gst"],
        "front-desk": ["bookings", "peak-hours", "patients-per-doctor", "no-shows"],
        "laboratory": ["laboratory-turnaround", "tests"],
        "own": shown["hospital"],
        "nothing": shown["hospital"],
    }
    assert ('hx-trigger="every 300s"' in refreshing, "hx-trigger" in paused) == (True, False)


@pytest.mark.parametrize(
    ("role", "title"),
    [
        ("administrator", "Hospital"),
        ("receptionist", "Front desk"),
        ("billing_clerk", "Finance"),
        ("lab_technician", "Laboratory"),
    ],
)
def test_a_role_begins_with_its_dashboard(client, role, title):
    client.force_login(staff(role))

    assert str(client.get("/admin/reports/").context["shown"].title) == title


def test_the_head_of_a_department_begins_with_the_department(client, day):
    DoctorFactory(department=day.department, full_name="Dr Zoe Member")
    day.department.head = day
    day.department.save()
    client.force_login(day.user)

    department, own = (client.get("/admin/reports/", {"show": show}) for show in ("", "own"))

    rows = [answer.context["answers"][at].answer.rows for answer, at in ((department, 1), (own, 2))]
    assert [[row["doctor"] for row in each] for each in rows] == [
        ["Dr Asha Own", "Dr Zoe Member"],
        ["Dr Asha Own"],
    ]


def test_a_dashboard_that_refreshes_itself_is_logged_now_and_then(client, day, wednesday_morning):
    client.force_login(staff("receptionist"))
    by_itself = {"HX-Request": "true"}

    def logged() -> int:
        before = AuditEvent.objects.filter(model="reports.report").count()
        client.get("/admin/reports/", headers=by_itself)
        return AuditEvent.objects.filter(model="reports.report").count() - before

    counts = [logged(), logged()]
    wednesday_morning.move_to(MORNING + timedelta(minutes=16))

    assert [*counts, logged()] == [1, 0, 1]


def test_a_doctor_begins_with_the_own_patients(client, day):
    client.force_login(day.user)

    answer = client.get("/admin/reports/")

    assert str(answer.context["shown"].title) == "My patients"
    assert [tile.label for tile in answer.context["tiles"]][-1] == "Patients"
    assert sum(row["visits"] for row in answer.context["answers"][0].answer.rows) == 2
    assert answer.context["answers"][0].scope.first == MORNING.date() - timedelta(days=13)


def test_a_tile_leads_to_what_it_counts(client, day):
    client.force_login(staff("administrator"))

    tiles = {tile.label: tile for tile in client.get("/admin/reports/").context["tiles"]}
    patients, money = tiles["Patients"], tiles["Received today, less refunds"]

    assert str(client.get(patients.href).context["cl"].result_count) == patients.value
    [row] = client.get(money.href).context["answer"].answer.rows
    assert rupees(row["kept"]) == money.value


def test_who_may_not_see_visits_and_patients_is_not_told_that_there_are_none(client, day):
    client.force_login(staff("lab_technician"))

    tiles = client.get("/admin/reports/").context["tiles"]

    assert [(tile.label, tile.value, tile.href) for tile in tiles] == [("Doctors who can be booked", "2", "")]
