"""The pages on which doctors change the bookings of their days, and enter leave."""

import pytest

from scheduling.models import Appointment, ScheduleException
from tests.factories import ScheduleExceptionFactory, at, doctor_with_hours, staff
from tests.opened import boxes_of, send
from tests.scheduling.admin_day import change_page, doctor_with_login, list_page, page, press, said, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S30")]


def test_a_doctor_moves_and_cancels_on_the_pages_of_the_desk(client, appointment):
    client.force_login(appointment.doctor.user)
    move = page("scheduling_appointment_reschedule", appointment.pk)

    shown = client.get(move)
    send(client, move, {"time": at(11).isoformat()})
    appointment.refresh_from_db()
    moved = appointment.starts_at
    press(client, "cancel", appointment, reason="Called to surgery")

    assert [doctor.pk for doctor in shown.context["doctors"]] == [appointment.doctor_id]
    assert (moved, appointment.status) == (at(11), "cancelled")


def test_a_doctor_books_a_follow_up_without_choosing_a_doctor(client, appointment):
    client.force_login(appointment.doctor.user)
    address = (
        f"{page('scheduling_appointment_add')}?patient={appointment.patient.reference}&day={at(9):%Y-%m-%d}"
    )

    shown = client.get(address)
    form = boxes_of(shown) | {"time": at(9).isoformat(), "source": "desk"}
    client.post(address, form)

    booked = Appointment.objects.latest("pk")
    assert shown.context["booking_request"].doctor == appointment.doctor
    assert "other_doctor" not in shown.context
    assert (booked.starts_at, booked.patient, booked.doctor) == (
        at(9), appointment.patient, appointment.doctor,
    )  # fmt: skip


def test_leave_shows_the_patients_it_affects_before_it_is_saved(client, appointment):
    client.force_login(appointment.doctor.user)
    add = page("scheduling_scheduleexception_add")
    day = f"{at(9, days=0):%Y-%m-%d}"
    form = {
        "starts_at_0": day, "starts_at_1": "08:00", "ends_at_0": day, "ends_at_1": "20:00", "reason": "Ill",
    }  # fmt: skip

    asked = client.post(add, form)
    breaks = asked.context["breaks"]
    unsaved = ScheduleException.objects.count()
    client.post(add, form | {"_breaks": breaks.fingerprint})

    leave = ScheduleException.objects.get()
    assert (breaks.appointments, unsaved) == ([appointment], 0)
    assert (leave.kind, leave.doctor, leave.reason) == ("leave", appointment.doctor, "Ill")


@pytest.mark.usefixtures("told_desk")
def test_where_the_desk_is_told_the_form_asks_for_leave(client, appointment):
    client.force_login(appointment.doctor.user)
    add = page("scheduling_scheduleexception_add")
    day = f"{at(9, days=3):%Y-%m-%d}"

    shown = client.get(add)
    client.post(add, {"starts_at_0": day, "starts_at_1": "08:00", "ends_at_0": day, "ends_at_1": "20:00"})

    assert list(shown.context["adminform"].form.fields) == ["starts_at", "ends_at", "reason"]
    assert ScheduleException.objects.get().kind == "asked"


def test_leave_of_others_is_shown_and_cannot_be_changed(client, appointment):
    others = ScheduleExceptionFactory(doctor=doctor_with_login())
    client.force_login(appointment.doctor.user)

    shown = client.get(change_page(others))
    changed = client.post(change_page(others), {"reason": "none"})
    deleted = client.post(page("scheduling_scheduleexception_delete", others.pk), {"post": "yes"})

    assert (shown.status_code, shown.context["has_change_permission"]) == (200, False)
    assert (changed.status_code, deleted.status_code) == (403, 403)


def test_several_visits_are_cancelled_and_the_others_are_named(client, appointment):
    covered = visit(doctor_with_login(), days=2)
    ScheduleExceptionFactory(
        doctor=covered.doctor, covered_by=appointment.doctor, starts_at=at(0, days=0), ends_at=at(0, days=1)
    )
    client.force_login(appointment.doctor.user)
    chosen = {"action": "cancel_selected", "_selected_action": [appointment.pk, covered.pk]}

    asked = client.post(f"{list_page(Appointment)}?when=next7", chosen)
    response = client.post(
        f"{list_page(Appointment)}?when=next7", chosen | boxes_of(asked) | {"reason": "Ill"}
    )

    appointment.refresh_from_db()
    covered.refresh_from_db()
    assert (appointment.status, covered.status) == ("cancelled", "booked")
    assert any("You may not do this." in message for message in said(response))


def test_a_doctor_without_hours_of_the_own_offers_no_times_of_others(client):
    doctor_with_hours()
    client.force_login(staff("doctor"))

    shown = client.get(f"{page('scheduling_appointment_add')}?patient=nobody")

    assert shown.context["booking_request"].doctor is None


@pytest.mark.parametrize("role", ["lab_technician", "nurse", "billing_clerk", "receptionist", "doctor"])
def test_colleagues_see_that_a_doctor_is_away_and_not_why(client, role):
    doctor, secret = doctor_with_login(), "Chemotherapy"
    leave = ScheduleExceptionFactory(doctor=doctor, reason=secret, starts_at=at(9), ends_at=at(17))
    listed = "/admin/scheduling/scheduleexception/"
    own = [listed + f"{leave.pk}/{page}/" for page in ("change", "history")]
    addresses = [listed, *own, f"/admin/scheduling/doctor/{doctor.pk}/why/?day={at(9):%Y-%m-%d}"]

    def shown(user) -> list[bool]:
        client.force_login(user)
        return [secret in client.get(address).text for address in addresses]

    client.force_login(staff(role))
    found = client.get(f"{listed}?q={secret}")

    assert shown(staff(role)) == [False] * 4
    assert found.status_code != 200 or not found.context["cl"].result_list
    assert shown(staff("administrator")) == [True] * 4
    assert shown(doctor.user)[1] is True
