"""Doctors book, move and cancel on their own days and enter leave, or ask the front desk to do it."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from scheduling.exceptions import AskTheDesk, NothingAsked, SlotNotOffered
from scheduling.models import Appointment, ScheduleException
from scheduling.services import (
    ask_the_desk,
    book_appointment,
    cancel_appointment,
    delete_exception,
    reschedule_appointment,
    save_exception,
    settle_what_was_asked,
)
from tests.factories import PatientFactory, ScheduleExceptionFactory, at, doctor_with_hours, staff
from tests.opened import boxes_of, send
from tests.scheduling.admin_day import change_page, doctor_with_login, list_page, page, press, said, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S30")]


@pytest.fixture
def told_desk(settings):
    """A hospital in which the front desk changes the bookings of doctors."""
    settings.BOOKING = django_settings.BOOKING | {"doctors_manage": False}


def leave_of(doctor, **fields) -> ScheduleException:
    return ScheduleException(
        **{"kind": "leave", "doctor": doctor, "starts_at": at(8, days=3), "ends_at": at(20, days=3)} | fields
    )


# --- the services


def test_doctors_move_and_cancel_their_own_visits_even_late_and_the_log_names_them(appointment):
    doctor = appointment.doctor

    moved = reschedule_appointment(appointment=appointment, starts_at=at(11, days=0), by=doctor.user)
    cancelled = cancel_appointment(appointment=moved, reason="Called to surgery", by=doctor.user)

    entries = AuditEvent.objects.filter(model="scheduling.appointment", actor=doctor.user)
    assert (cancelled.status, cancelled.starts_at) == ("cancelled", at(11, days=0))
    assert not cancelled.claims.exists()
    assert entries.filter(action="update").count() == 2


def test_doctors_book_patients_whom_they_see_and_no_others(appointment):
    doctor, stranger = appointment.doctor, PatientFactory()

    booked = book_appointment(
        patient=appointment.patient, doctor=doctor, starts_at=at(9, days=60), by=doctor.user
    )
    with pytest.raises(NotAllowed):
        book_appointment(patient=stranger, doctor=doctor, starts_at=at(10, days=60), by=doctor.user)

    assert (booked.status, booked.booked_by) == ("booked", doctor.user)
    assert not stranger.appointments.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda other, _mine, by: cancel_appointment(appointment=other, by=by),
        lambda other, _mine, by: reschedule_appointment(appointment=other, starts_at=at(11), by=by),
        lambda other, mine, by: reschedule_appointment(
            appointment=mine, starts_at=at(11), doctor=other.doctor, by=by
        ),
        lambda other, mine, by: book_appointment(
            patient=mine.patient, doctor=other.doctor, starts_at=at(11), by=by
        ),
        lambda other, _mine, by: save_exception(exception=leave_of(other.doctor), by=by),
        lambda _other, _mine, by: save_exception(exception=leave_of(None), by=by),
        lambda _other, mine, by: save_exception(exception=leave_of(mine.doctor, kind="holiday"), by=by),
    ],
)
def test_doctors_change_nothing_of_another_doctors_day(appointment, act):
    other = visit(doctor_with_login(), patient=appointment.patient, days=1)

    with pytest.raises(NotAllowed):
        act(other, appointment, appointment.doctor.user)

    other.refresh_from_db()
    appointment.refresh_from_db()
    assert (other.status, other.starts_at, appointment.starts_at) == ("booked", at(10), at(10, days=0))
    assert not ScheduleException.objects.exists()


def test_the_covering_doctor_changes_the_visits_within_the_leave_alone(appointment):
    covering = doctor_with_login()
    later = visit(appointment.doctor, days=5)
    ScheduleExceptionFactory(
        doctor=appointment.doctor, covered_by=covering, starts_at=at(0, days=0), ends_at=at(0, days=2)
    )

    with pytest.raises(SlotNotOffered):
        reschedule_appointment(appointment=appointment, starts_at=at(11), by=covering.user)
    taken_over = reschedule_appointment(
        appointment=appointment, starts_at=at(11), doctor=covering, by=covering.user
    )
    with pytest.raises(NotAllowed):
        cancel_appointment(appointment=later, by=covering.user)

    later.refresh_from_db()
    assert (taken_over.doctor, taken_over.starts_at, later.status) == (covering, at(11), "booked")


def test_doctors_enter_change_and_delete_their_own_leave_until_it_begins(appointment):
    doctor = appointment.doctor

    leave = save_exception(exception=leave_of(doctor), by=doctor.user)
    leave.ends_at += timedelta(days=1)
    save_exception(exception=leave, by=doctor.user)
    delete_exception(exception=leave, by=doctor.user)
    begun = ScheduleExceptionFactory(doctor=doctor, starts_at=at(8, days=0))
    with pytest.raises(NotAllowed):
        delete_exception(exception=begun, by=doctor.user)

    assert list(ScheduleException.objects.all()) == [begun]


def test_leave_of_another_doctor_cannot_be_taken_over(appointment):
    doctor, other = appointment.doctor, doctor_with_login()
    leave = ScheduleExceptionFactory(doctor=other, starts_at=at(8), ends_at=at(9))

    leave.doctor = doctor
    with pytest.raises(NotAllowed):
        save_exception(exception=leave, by=doctor.user)

    assert ScheduleException.objects.get().doctor == other


# --- the front desk is told instead


@pytest.mark.usefixtures("told_desk")
def test_where_the_desk_is_told_doctors_are_refused_with_the_way_to_ask(appointment):
    doctor = appointment.doctor

    with pytest.raises(AskTheDesk):
        cancel_appointment(appointment=appointment, by=doctor.user)
    with pytest.raises(NotAllowed):
        save_exception(exception=leave_of(doctor), by=doctor.user)
    with pytest.raises(NothingAsked):
        ask_the_desk(appointment=appointment, asked_of_desk="  ", by=doctor.user)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.asked_of_desk, ScheduleException.objects.count()) == (
        "booked", "", 0,
    )  # fmt: skip


@pytest.mark.usefixtures("told_desk")
def test_what_a_doctor_asks_is_on_the_desks_list_until_it_is_done(client, appointment):
    doctor, desk = appointment.doctor, staff("receptionist")
    ask, settle = (page(f"scheduling_appointment_{name}", appointment.pk) for name in ("ask", "settle"))
    list_of_desk = page("scheduling_appointment_desk")

    client.force_login(doctor.user)
    offered = [change.name for change in client.get(change_page(appointment)).context["changes"]]
    send(client, ask, {"asked_of_desk": "Move to Monday"})
    forbidden = client.get(page("scheduling_appointment_cancel", appointment.pk)).status_code
    save_exception(exception=leave_of(doctor, kind="asked", reason="Congress"), by=doctor.user)
    client.force_login(desk)
    waiting = client.get(list_of_desk)
    send(client, settle, {})
    after = client.get(list_of_desk)

    assert (offered, forbidden) == (["note", "ask"], 403)
    assert [row.asked_of_desk for row in waiting.context["asked"]] == ["Move to Monday"]
    assert [leave.reason for leave in waiting.context["leave_asked"]] == ["Congress"]
    assert "Move to Monday" in waiting.content.decode()
    assert after.context["asked"] == []


@pytest.mark.usefixtures("told_desk")
def test_leave_asked_for_closes_no_time(appointment):
    doctor = appointment.doctor
    save_exception(exception=leave_of(doctor, kind="asked"), by=doctor.user)

    booked = visit(doctor, days=3)

    assert booked.starts_at == at(10, days=3)


def test_only_the_desk_settles_and_only_the_doctor_asks(appointment, told_desk):
    desk, other = staff("receptionist"), doctor_with_login().user

    refused = []
    for service, by, extra in (
        (ask_the_desk, desk, {"asked_of_desk": "x"}),
        (ask_the_desk, other, {"asked_of_desk": "x"}),
        (settle_what_was_asked, appointment.doctor.user, {}),
    ):
        with pytest.raises(NotAllowed):
            service(appointment=appointment, by=by, **extra)
        refused.append(service.__name__)

    assert refused == ["ask_the_desk", "ask_the_desk", "settle_what_was_asked"]


# --- the screens


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
