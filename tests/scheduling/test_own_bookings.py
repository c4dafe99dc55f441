"""Doctors book, move and cancel on their own days and enter leave, or ask the front desk to do it."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
import time_machine

from audit.models import AuditEvent
from clinical.services.rights import visits_open_to
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.access import may_run
from scheduling.exceptions import (
    CannotCover,
    LeaveHasBegun,
    LeaveIsOver,
    SlotNotOffered,
)
from scheduling.models import Appointment, ScheduleException
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    delete_exception,
    reschedule_appointment,
    save_exception,
)
from tests.factories import PatientFactory, ScheduleExceptionFactory, at, staff
from tests.scheduling.admin_day import doctor_with_login, page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S30")]


def leave_of(doctor, **fields) -> ScheduleException:
    return ScheduleException(
        **{"kind": "leave", "doctor": doctor, "starts_at": at(8, days=3), "ends_at": at(20, days=3)} | fields
    )


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


@pytest.mark.parametrize(
    "unfit",
    [{"is_active": False}, {"registration_expires_on": date(2026, 6, 12)}, {"user": None}],
    ids=["inactive", "expired", "without a login"],
)
def test_who_cannot_work_cannot_cover(appointment, unfit):
    doctor, covering = appointment.doctor, doctor_with_login(full_name="Dr Vikram Pai")
    type(covering).objects.filter(pk=covering.pk).update(**unfit)

    with pytest.raises(CannotCover, match="Dr Vikram Pai cannot cover this"):
        save_exception(exception=leave_of(doctor, covered_by=covering), by=doctor.user)

    assert not ScheduleException.objects.exists()


def test_the_covering_doctor_finds_the_covered_day_on_index_and_board(client, appointment):
    covering = doctor_with_login()
    ScheduleExceptionFactory(
        doctor=appointment.doctor, covered_by=covering, starts_at=at(0, days=0), ends_at=at(0, days=1)
    )
    client.force_login(covering.user)

    board, index = client.get(page("day-board")), client.get(page("index"))

    assert appointment.patient.full_name in board.content.decode()
    assert appointment.patient.full_name in index.content.decode()


def test_the_covering_doctor_prepares_for_the_days_of_the_leave_and_sees_no_other(client, appointment):
    doctor, covering = appointment.doctor, doctor_with_login()
    within, after = visit(doctor, days=3), visit(doctor, days=5)
    ScheduleExceptionFactory(
        doctor=doctor, covered_by=covering, starts_at=at(0, days=3), ends_at=at(0, days=4)
    )
    client.force_login(covering.user)

    day = client.get(page("day-board"), {"day": f"{at(9, days=3):%Y-%m-%d}"})

    assert list(Appointment.objects.visible_to(covering.user)) == [within]
    assert doctor in [column.doctor for column in day.context["columns"]]
    assert not visits_open_to(covering.user).exists()  # the records open when the leave begins
    assert not may_run(covering.user, within)
    with time_machine.travel(at(9, days=4)):
        assert not Appointment.objects.visible_to(covering.user).filter(pk__in=[within.pk, after.pk]).exists()


def test_the_box_of_doctors_names_whose_times_are_shown(client, appointment):
    """Also where the doctor of the appointment cannot be booked any more."""
    doctor = appointment.doctor
    type(doctor).objects.filter(pk=doctor.pk).update(is_active=False)
    doctor_with_login()
    client.force_login(staff("receptionist"))

    shown = client.get(page("scheduling_appointment_reschedule", appointment.pk))

    assert (shown.context["times"].doctor, shown.context["doctors"][0]) == (doctor, doctor)
    assert len(shown.context["doctors"]) == 2
    assert "The patient gets no message: please tell them." in shown.content.decode()


@pytest.mark.parametrize(
    ("last_day", "change", "refusal"),
    [
        (3, {"ends_at": 5}, None),
        (3, {"starts_at": -2}, LeaveHasBegun),
        (3, {"reason": "Another"}, LeaveHasBegun),
        (3, {"starts_at": 4, "ends_at": 5}, LeaveHasBegun),
        (-1, {"ends_at": 5}, LeaveIsOver),
        (-1, {"reason": "Another"}, LeaveIsOver),
    ],
)
def test_of_leave_that_has_begun_doctors_change_the_end_alone(appointment, last_day, change, refusal):
    doctor = appointment.doctor
    begun = ScheduleExceptionFactory(doctor=doctor, starts_at=at(8, days=-3), ends_at=at(20, days=last_day))
    change = {name: value if name == "reason" else at(9, days=value) for name, value in change.items()}
    for name, value in change.items():
        setattr(begun, name, value)

    with pytest.raises(refusal) if refusal else nullcontext():
        save_exception(exception=begun, by=doctor.user)

    stored = ScheduleException.objects.filter(pk=begun.pk, **change)
    assert stored.exists() == (refusal is None)
    save_exception(exception=begun, by=SYSTEM)
    assert stored.exists()


def test_leave_of_another_doctor_cannot_be_taken_over(appointment):
    doctor, other = appointment.doctor, doctor_with_login()
    leave = ScheduleExceptionFactory(doctor=other, starts_at=at(8), ends_at=at(9))

    leave.doctor = doctor
    with pytest.raises(NotAllowed):
        save_exception(exception=leave, by=doctor.user)

    assert ScheduleException.objects.get().doctor == other
