"""Who may ask which question, about whom, and whose names are shown."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.reports.admin.dashboards import DASHBOARDS
from hms.reports.files import FORMATS
from hms.reports.question import QUESTIONS
from hms.reports.scope import Scope
from hms.reports.services import ask
from tests.api.calls import Caller, told
from tests.clinical.lab_rows import ordered
from tests.clinical.rows import doctor_at_work
from tests.factories import DoctorFactory, staff
from tests.scheduling.admin_day import MORNING, visit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("R03"),
]
VISITS = {
    *("bookings", "new-patients", "no-shows", "no-shows-by-lead-time", "patients", "patients-by-age"),
    *("patients-by-district", "patients-per-department", "patients-per-doctor", "peak-hours"),
    "quarterly-counts",
}
OUTPATIENTS = {"outpatient-register"}
PERFORMANCE = {"departments", "doctors", "utilization", "waiting"}
MONEY = {"gst", "revenue", "revenue-per-department", "revenue-per-doctor", "revenue-per-method"}
CLINICAL = {"diagnoses", "most-diagnostics", "outcomes"}
LABORATORY = {"laboratory-turnaround", "tests"}
MAY = {
    Role.RECEPTIONIST: VISITS | OUTPATIENTS,
    Role.DOCTOR: VISITS | PERFORMANCE | CLINICAL | LABORATORY | OUTPATIENTS | {"notifiable-diseases"},
    Role.NURSE: {"notifiable-diseases", "schedule-h1"},
    Role.LAB_TECHNICIAN: LABORATORY,
    Role.BILLING_CLERK: MONEY | OUTPATIENTS,
    Role.AUDITOR: set(),
    Role.ADMINISTRATOR: VISITS
    | PERFORMANCE
    | CLINICAL
    | LABORATORY
    | MONEY
    | OUTPATIENTS
    | {"notifiable-counts"},
}
TODAY = {"first": MORNING.date(), "last": MORNING.date()}


@pytest.mark.parametrize("role", MAY)
def test_a_role_opens_the_reports_of_its_line_and_no_other(client, role):
    user = staff(role)
    if role == Role.DOCTOR:
        DoctorFactory(user=user)
    client.force_login(user)
    caller = Caller(user)

    pages = {
        slug for slug in QUESTIONS if client.get(reverse("admin:report", args=[slug])).status_code == 200
    }
    files = {slug for slug in QUESTIONS if client.get(f"/admin/reports/{slug}.csv").status_code == 200}
    answers = {slug for slug in QUESTIONS if caller.get(f"reports/{slug}/").status_code == 200}
    listed = caller.get("reports/?page_size=100")

    assert pages == files == answers == MAY[role]
    assert (
        {one["ref"] for one in listed.json()["results"]} == MAY[role]
        if MAY[role]
        else listed.status_code == 403
    )
    assert client.get("/admin/reports/").status_code == (200 if MAY[role] else 403)


def test_a_doctor_without_a_doctors_entry_may_ask_for_no_figures(client):
    client.force_login(staff("doctor"))

    assert client.get("/admin/reports/patients/").status_code == 403
    assert [one.slug for one in client.get("/admin/reports/").context["questions"]] == ["notifiable-diseases"]


def test_a_doctor_is_told_about_the_own_work_alone(client):
    own, colleague = doctor_at_work(), doctor_at_work()
    visit(own)
    visit(colleague)
    client.force_login(own.user)

    page = client.get("/admin/reports/doctors/").context["answer"]
    other = client.get("/admin/reports/doctors/", {"doctor": colleague.reference})
    call = Caller(own.user).get(f"reports/patients/?doctor={colleague.reference}")

    assert [row["doctor"] for row in page.answer.rows] == [own.full_name]
    assert (other.context["answer"], list(other.context["form"].errors)) == (None, ["doctor"])
    assert (call.status_code, set(call.json()["errors"])) == (400, {"doctor"})


def test_the_head_of_a_department_is_told_about_its_doctors(client):
    head, other = doctor_at_work(), doctor_at_work()
    member = DoctorFactory(department=head.department, full_name="Dr Zoe Member")
    head.department.head = head
    head.department.save()
    client.force_login(head.user)

    answer = client.get("/admin/reports/doctors/").context["answer"]
    foreign = client.get("/admin/reports/doctors/", {"doctor": other.reference})

    assert [row["doctor"] for row in answer.answer.rows] == [head.full_name, member.full_name]
    assert foreign.context["answer"] is None
    assert list(foreign.context["form"].errors) == ["doctor"]


def test_the_service_refuses_what_reaches_beyond_the_persons_doctors():
    own, colleague = doctor_at_work(), doctor_at_work()

    for doctors in (None, frozenset([colleague.pk]), frozenset([own.pk, colleague.pk])):
        scope = Scope(**TODAY, by=own.user, doctors=doctors)
        with pytest.raises(NotAllowed):
            ask(question=QUESTIONS["doctors"], scope=scope, by=own.user)
    with pytest.raises(NotAllowed):
        ask(question=QUESTIONS["revenue"], scope=Scope(**TODAY, by=own.user), by=own.user)


def test_names_are_shown_to_those_who_may_see_the_patients(client):
    head, colleague = doctor_at_work(), doctor_at_work()
    colleague.department = head.department
    colleague.save()
    head.department.head = head
    head.department.save()
    [mine], [theirs] = ordered(head, "k"), ordered(colleague, "k")
    client.force_login(head.user)

    rows = client.get("/admin/reports/most-diagnostics/").context["answer"].answer.rows

    named = {(row["patient"], row["mrn"]) for row in rows}
    assert named == {(mine.patient.full_name, mine.patient.mrn), ("Not shown to you", "")}
    assert theirs.patient.full_name not in client.get("/admin/reports/most-diagnostics.csv").text


def test_figures_are_one_entry_of_the_log_and_names_another(client):
    doctor = doctor_at_work()
    [order] = ordered(doctor, "k")
    client.force_login(staff("administrator"))
    before = set(AuditEvent.objects.values_list("pk", flat=True))

    client.get("/admin/reports/patients/", {"step": "month"})
    client.get("/admin/reports/most-diagnostics.xlsx")
    entries = AuditEvent.objects.exclude(pk__in=before).order_by("pk")

    assert [(one.action, one.model, one.object_pk, one.patient_id) for one in entries] == [
        ("read", "reports.report", "patients", None),
        ("export", "reports.report", "most-diagnostics", None),
        ("export", "accounts.patient", str(order.patient_id), order.patient_id),
    ]
    assert entries[0].details["filter"] == {"step": "month"}
    assert entries[1].details | {"filter": {}, "reports": []} == {
        "filter": {},
        "reports": [],
        "rows": 1,
        "format": "xlsx",
    }


def test_strangers_call_nothing():
    assert told(Caller().get("reports/")) == (401, "not_authenticated")
    assert told(Caller(staff("auditor")).get("reports/patients/")) == (403, "permission_denied")
    assert told(Caller(staff("receptionist")).get("reports/revenue/")) == (403, "not_allowed")
    assert told(Caller(staff("receptionist")).get("reports/nothing/")) == (404, "not_found")
    wrong = Caller(staff("receptionist")).get("reports/patients/?first=x&step=hour")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"first", "step"})


@pytest.mark.parametrize("slug", sorted(PERFORMANCE))
def test_no_address_tells_a_doctor_of_a_colleagues_performance(client, slug):
    own, colleague = doctor_at_work(), doctor_at_work()
    visit(own)
    visit(colleague)
    client.force_login(own.user)
    caller = Caller(own.user)
    ways = [{"doctor": colleague.reference}, {"department": colleague.department.slug}]

    told = [client.get(f"/admin/reports/{slug}/", way).context["answer"] for way in ways]
    files = [client.get(f"/admin/reports/{slug}.{kind}", way).status_code for kind in FORMATS for way in ways]
    calls = [caller.get(f"reports/{slug}/?{urlencode(way)}").status_code for way in ways]
    rows = caller.get(f"reports/{slug}/").json()["rows"]
    dashboards = [client.get("/admin/reports/", {"show": one.slug}).text for one in DASHBOARDS]

    assert (told, set(files), set(calls)) == ([None, None], {404}, {400})
    assert colleague.full_name not in f"{rows}{''.join(dashboards)}"
    assert len(rows) == 1


@pytest.mark.parametrize("slug", sorted(MONEY))
@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.DOCTOR, Role.NURSE])
def test_no_address_tells_reception_or_clinic_of_revenue(client, slug, role):
    user = staff(role)
    client.force_login(user)
    counted = {"counted": f"report={slug}&column=billed"}

    addresses = [f"/admin/reports/{slug}/", *(f"/admin/reports/{slug}.{kind}" for kind in FORMATS)]
    pages = {client.get(address).status_code for address in addresses}
    behind = client.get("/admin/billing/invoice/", counted)

    assert pages == {403}
    assert Caller(user).get(f"reports/{slug}/").status_code == 403
    assert (behind.status_code, behind.headers.get("Location")) == (
        (302, "/admin/billing/invoice/?e=1") if role == Role.RECEPTIONIST else (403, None)
    )
    money = client.get("/admin/reports/", {"show": "money"})
    assert money.status_code == 403 or money.context["shown"].slug != "money"
