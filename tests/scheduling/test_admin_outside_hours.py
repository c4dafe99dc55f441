"""A change that puts patients outside working hours shows them before it is saved."""

from datetime import date, time

import pytest
from django.contrib.contenttypes.models import ContentType

from scheduling.models import Branch, Department, Doctor, ScheduleException, WeeklySchedule
from tests.costs import READ_BY_STAFF
from tests.factories import ScheduleExceptionFactory, at
from tests.opened import send, unseen
from tests.scheduling.admin_day import (
    change_page,
    doctor_form,
    doctor_with_login,
    list_page,
    page,
    run_import,
    said,
    visit,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning", "administrator"),
    pytest.mark.feature("S05"),
]
THURSDAY = 3


@pytest.fixture
def booked():
    """Tomorrow, Thursday, 10:00 to 10:30; another doctor has a patient at the same time."""
    visit(doctor_with_login(), days=1)
    return visit(doctor_with_login(), days=1)


def department_form(booked, **changes) -> dict:
    department = booked.doctor.department
    form = {"name": department.name, "slug": department.slug, "description": ""}
    return form | {"opens_at": "08:00", "closes_at": "20:00", "is_active": "on"} | changes


def branch_form(booked, **changes) -> dict:
    names = ("name", "code", "street", "city", "county", "state", "country", "postcode")
    form = {name: getattr(booked.branch, name) for name in names}
    return form | {"phone": "", "is_active": "on"} | changes


def thursday(booked) -> WeeklySchedule:
    return booked.doctor.schedules.get(weekday=THURSDAY)


def shift_form(booked, **changes) -> dict:
    names = ("weekday", "starts_at", "ends_at", "slot_minutes", "capacity", "mode", "valid_from")
    form = {name: getattr(thursday(booked), name) for name in names}
    form |= {"doctor": booked.doctor_id, "branch": booked.branch_id, "valid_until": ""}
    return form | changes


def shift_of_doctor(booked, **changes) -> dict:
    """Thursday is the fourth row of the doctor's page."""
    row = {f"schedules-{THURSDAY}-{name}": value for name, value in changes.items()}
    return doctor_form(booked.doctor, **row)


def doctor_of(booked) -> Doctor:
    return booked.doctor


def department_of(booked) -> Department:
    return booked.doctor.department


def branch_of(booked) -> Branch:
    return booked.branch


# the row to change, the data submitted to its page, and the resulting columns
CHANGES = {
    "doctor": (doctor_of, lambda one: doctor_form(one.doctor, is_active=""), {"is_active": False}),
    "registration": (
        doctor_of,
        lambda one: doctor_form(one.doctor, registration_expires_on="2026-06-10"),
        {"registration_expires_on": date(2026, 6, 10)},
    ),
    "department": (department_of, lambda one: department_form(one, is_active=""), {"is_active": False}),
    "hours": (department_of, lambda one: department_form(one, opens_at="11:00"), {"opens_at": time(11)}),
    "branch": (branch_of, lambda one: branch_form(one, is_active=""), {"is_active": False}),
    "shift": (thursday, lambda one: shift_form(one, ends_at="10:00"), {"ends_at": time(10)}),
    "later": (thursday, lambda one: shift_form(one, starts_at="10:30"), {"starts_at": time(10, 30)}),
    "valid until": (
        thursday,
        lambda one: shift_form(one, valid_until="2026-06-10"),
        {"valid_until": date(2026, 6, 10)},
    ),
    "shift of doctor": (thursday, lambda one: shift_of_doctor(one, ends_at="10:00"), {"ends_at": time(10)}),
}  # fmt: skip


def columns(row, names) -> dict:
    row.refresh_from_db()
    return {name: getattr(row, name) for name in names}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_patients_it_puts_outside_hours_and_is_saved_when_confirmed(client, booked, name):
    row_of, form_of, changed = CHANGES[name]
    row, form = row_of(booked), form_of(booked)
    before = columns(row, changed)
    address = change_page(booked.doctor if "schedules-TOTAL_FORMS" in form else row)

    shown = send(client, address, form)
    unsaved = columns(row, changed)
    saved = send(client, address, form | {"_breaks": shown.context["breaks"].fingerprint})

    booked.refresh_from_db()
    assert shown.context["breaks"].appointments == [booked]
    assert (unsaved, columns(row, changed)) == (before, changed)
    assert booked.status == "booked"
    assert saved.status_code == 302
    assert said(saved)[0] == (
        "Another time is sought for 1 patient, who is then asked. "
        '<a href="/admin/scheduling/offer/">Offered times</a>'
    )


def test_removing_a_shift_on_the_doctors_page_shows_patients_outside_hours(client, booked):
    form = shift_of_doctor(booked, DELETE="on")

    shown = send(client, change_page(booked.doctor), form)
    kept = booked.doctor.schedules.count()
    send(client, change_page(booked.doctor), form | {"_breaks": shown.context["breaks"].fingerprint})

    assert shown.context["breaks"].appointments == [booked]
    assert (kept, booked.doctor.schedules.count()) == (7, 6)


def test_deleting_a_shift_shows_patients_it_puts_outside_hours(client, booked):
    address = page("scheduling_weeklyschedule_delete", thursday(booked).pk)

    shown = client.post(address, {"post": "yes"})
    kept = booked.doctor.schedules.count()
    deleted = client.post(address, {"post": "yes", "_breaks": shown.context["breaks"].fingerprint})

    assert shown.context["breaks"].appointments == [booked]
    assert (kept, booked.doctor.schedules.count()) == (7, 6)
    assert deleted.url == list_page(WeeklySchedule)


def test_deleting_or_moving_an_extra_session_shows_patients_outside_hours(client):
    doctor = doctor_with_login()
    extra = ScheduleExceptionFactory(
        kind="extra",
        doctor=doctor,
        branch=doctor.schedules.first().branch,
        slot_minutes=30,
        starts_at=at(17),
        ends_at=at(18),
    )
    booked = visit(doctor, 17, days=1)
    form = {"kind": "extra", "doctor": doctor.pk, "department": "", "reason": "", "branch": extra.branch_id}
    form |= {"slot_minutes": "30", "capacity": "1", "mode": "in_person"}
    form |= {
        "starts_at_0": "2026-06-12",
        "starts_at_1": "17:00",
        "ends_at_0": "2026-06-12",
        "ends_at_1": "18:00",
    }

    moved = send(client, change_page(extra), form)
    deleted = client.post(page("scheduling_scheduleexception_delete", extra.pk), {"post": "yes"})

    assert moved.context["breaks"].appointments == [booked]
    assert deleted.context["breaks"].appointments == [booked]
    assert ScheduleException.objects.get().starts_at == at(17)


def test_a_change_that_affects_no_appointment_is_saved_at_once(client, booked):
    friday = booked.doctor.schedules.get(weekday=4)

    changed = send(client, change_page(booked.doctor), doctor_form(booked.doctor, fee="750"))
    longer = send(client, change_page(thursday(booked)), shift_form(booked, ends_at="13:00"))
    deleted = client.post(page("scheduling_weeklyschedule_delete", friday.pk), {"post": "yes"})

    assert (changed.url, longer.url, deleted.url) == (
        list_page(Doctor),
        list_page(WeeklySchedule),
        list_page(WeeklySchedule),
    )
    assert [message for message in said(deleted) if "outside_hours" in message] == []


def test_patients_already_outside_hours_need_no_confirmation(client, booked):
    Doctor.objects.filter(pk=booked.doctor_id).update(is_active=False)

    response = send(client, change_page(booked.doctor), doctor_form(booked.doctor, is_active="", fee="750"))

    assert response.url == list_page(Doctor)


def test_a_new_booking_requires_a_new_confirmation(client, booked):
    form = department_form(booked, is_active="")
    shown = send(client, change_page(booked.doctor.department), form)
    newcomer = visit(booked.doctor, 11, days=1)

    again = send(
        client, change_page(booked.doctor.department), form | {"_breaks": shown.context["breaks"].fingerprint}
    )

    assert again.context["breaks"].appointments == [booked, newcomer]
    assert booked.doctor.department.is_active


@pytest.mark.parametrize("doctors", [1, 3])
def test_closing_a_department_takes_the_same_queries_for_any_number_of_doctors(
    client, django_assert_num_queries, booked, doctors
):
    department = booked.doctor.department
    for _ in range(doctors - 1):
        visit(doctor_with_login(department=department), days=1)

    ContentType.objects.get_for_model(Department)  # otherwise the first caller pays for it
    form = unseen(client, change_page(department)) | department_form(booked, is_active="")

    # two searches (before and after) of four each, one of the stored row, two counts for boxes; the others
    # save, roll back and show
    with django_assert_num_queries(52 + READ_BY_STAFF):
        response = client.post(change_page(department), form)

    assert response.context["breaks"].count == doctors


def test_an_import_that_ends_registrations_reports_patients_outside_hours(client, booked):
    doctor = booked.doctor
    table = client.post(page("scheduling_doctor_export"), {"format": "0"}).content.decode()
    own = next(line for line in table.splitlines() if doctor.registration_number in line)
    changed = table.replace(own, own.replace("2099-12-31", "2026-06-10"))

    done = run_import(client, changed.encode())

    doctor.refresh_from_db()
    assert doctor.registration_expires_on == date(2026, 6, 10)
    assert said(done)[-1] == (
        "1 upcoming appointment is outside working hours. An import seeks no other time. "
        '<a href="/admin/scheduling/appointment/?outside_hours=yes">Move or cancel them</a>'
    )
