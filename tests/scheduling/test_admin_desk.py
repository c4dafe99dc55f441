"""Finding patients at the desk, and the reasons why times are not offered."""

from datetime import timedelta

import pytest

from hms.core.rights import SYSTEM
from scheduling.services import check_in, mark_no_show
from tests.factories import (
    BranchFactory,
    DoctorFactory,
    NurseFactory,
    PatientFactory,
    staff,
)
from tests.scheduling.admin_day import MORNING, change_page, doctor_with_login, page, visit
from tests.scheduling.pages import links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S12")]


@pytest.fixture
def doctor():
    return doctor_with_login()


# --- the check-in desk


def test_the_desk_finds_todays_visit_by_reference_scan_name_and_telephone(client, desk, doctor):
    kiran = visit(doctor, 10, patient=PatientFactory(full_name="Kiran Rao", phone="+919845012345"))
    visit(doctor, 11, patient=PatientFactory(full_name="Mary Joseph"))
    texts = [
        kiran.reference.lower(),
        f"https://hospital.example/me/appointments/{kiran.reference}/",
        kiran.patient.mrn,
        "kiran",
        "98450 12345",
    ]

    found = [
        [
            row.pk
            for row, _steps in client.get(page("scheduling_appointment_desk"), {"q": text}).context["rows"]
        ]
        for text in texts
    ]

    assert found == [[kiran.pk]] * len(texts)


def test_the_desk_names_a_visit_of_another_day_and_patients_without_one(client, desk, doctor):
    another_day = visit(doctor, days=3, patient=PatientFactory(full_name="Kiran Rao"))
    nobody = PatientFactory(full_name="Mary Joseph")

    by_kiran = client.get(page("scheduling_appointment_desk"), {"q": "kiran"}).context
    by_mary = client.get(page("scheduling_appointment_desk"), {"q": "mary"}).context

    assert (by_kiran["rows"], by_kiran["others"]["appointments"]) == ([], [another_day])
    assert (by_mary["rows"], by_mary["others"]["patients"]) == ([], [nobody])


def test_the_desk_leads_to_the_screens_of_the_branches_that_it_shows(client, desk):
    first, second = BranchFactory(), BranchFactory()
    address = page("scheduling_appointment_desk")

    everywhere, one = (client.get(address, {"branch": code}) for code in ("all", second.code))

    assert set(links(everywhere, "/queue/")) == {f"/queue/{each.code}/" for each in (first, second)}
    assert links(one, "/queue/") == [f"/queue/{second.code}/"]
    assert [client.get(each).status_code for each in links(one, "/check-in/")] == [200, 200]


def test_a_no_show_is_listed_after_everybody_who_is_expected(client, desk, doctor, wednesday_morning):
    missed, expected = visit(doctor, 10), visit(doctor, 11)
    wednesday_morning.move_to(MORNING + timedelta(hours=2))
    mark_no_show(appointment=missed, by=SYSTEM)

    rows = client.get(page("scheduling_appointment_desk")).context["rows"]

    assert [row.pk for row, _steps in rows] == [expected.pk, missed.pk]


def test_a_visit_that_nobody_ended_stands_apart_on_later_days_until_somebody_decides(
    client, desk, doctor, wednesday_morning
):
    left = visit(doctor, 10)
    check_in(appointment=left, by=SYSTEM)
    wednesday_morning.move_to(MORNING + timedelta(days=2))
    client.force_login(desk)

    context = client.get(page("scheduling_appointment_desk")).context

    assert context["rows"] == []
    assert [(row, [step.name for step in steps]) for row, steps in context["unfinished"]] == [
        (left, ["no-show"])
    ]


def test_whoever_arrives_for_a_visit_of_another_day_is_found_where_patients_of_today_are(
    client, desk, doctor, wednesday_morning
):
    late = visit(doctor, 10, patient=PatientFactory(full_name="Kiran Rao"))
    wednesday_morning.move_to(MORNING + timedelta(days=1))
    client.force_login(desk)
    check_in(appointment=late, by=SYSTEM)

    found = client.get(page("scheduling_appointment_desk"), {"q": "kiran"}).context["rows"]
    listed = client.get(page("scheduling_appointment_changelist")).context["cl"].result_list
    sections = client.get("/admin/").context["sections"]
    waiting = next(each.context["waiting"] for each in sections if "waiting" in each.context)
    board = client.get("/admin/day-board/").context["columns"]

    assert [row for row, _steps in found] == list(listed) == [row for row, _steps in waiting] == [late]
    assert [entry.appointment for column in board for entry in column.waiting] == [late]


def test_a_nurse_finds_only_the_patients_of_her_doctors(client, doctor):
    mine = visit(doctor, patient=PatientFactory(full_name="Kiran Rao"))
    visit(doctor_with_login(), patient=PatientFactory(full_name="Kiran Das"))
    nurse = staff("nurse")
    NurseFactory(user=nurse).doctors.add(doctor)
    client.force_login(nurse)

    response = client.get(page("scheduling_appointment_desk"), {"q": "kiran"})

    assert [row for row, _steps in response.context["rows"]] == [mine]
    assert b"Das" not in response.content


@pytest.mark.feature("S22")
def test_every_time_of_a_day_is_explained_for_the_web_and_for_the_desk(client, desk, doctor):
    visit(doctor, 10, 30)

    response = client.get(page("scheduling_doctor_why", doctor.pk), {"day": "2026-06-10"})

    explained = [
        (
            f"{online.starts_at:%H:%M}",
            online.reason and online.reason.value,
            desk.reason and desk.reason.value,
        )
        for online, desk in response.context["times"]
    ]
    assert explained == [
        ("09:00", "past", None),
        ("09:30", "too_late", None),
        ("10:00", None, None),
        ("10:30", "taken", "taken"),
        ("11:00", None, None),
        ("11:30", None, None),
    ]


@pytest.mark.feature("S22")
def test_a_day_without_a_shift_is_explained(client, desk):
    response = client.get(page("scheduling_doctor_why", DoctorFactory().pk), {"day": "2026-06-10"})

    assert response.context["times"] == []
    assert b"no shift on this Wednesday" in response.content


def test_a_patients_page_leads_to_the_booking(client, desk):
    patient = PatientFactory()

    response = client.get(change_page(patient))

    link = f"{page('scheduling_appointment_add')}?patient={patient.reference}"
    assert link in response.content.decode()
    assert client.get(link).context["booking_request"].patient == patient
