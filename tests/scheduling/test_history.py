"""An appointment's history is what the log says, even after the log is purged or the row forged."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from audit.capture.context import audit_context
from audit.evidence.archives import archive_log
from audit.evidence.purging import purge_archive
from audit.evidence.seals import seal_log
from audit.models import AuditEvent
from hms.core.rights import SYSTEM
from scheduling.history import Step, steps_of
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    check_in,
    confirm_booking,
    expire_holds,
    hold_slot,
    mark_no_show,
    reschedule_appointment,
)
from scheduling.services.bulk import Happening, Record, record_appointments
from scheduling.statuses import AppointmentStatus as S
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.scheduling.pages import text
from tests.scheduling.test_claims_check import findings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("S11")]
LATER = timedelta(minutes=10)


@pytest.fixture
def noon():
    return timezone.now()


def happened(client, user, appointment) -> str:
    client.force_login(user)
    page = text(client.get(f"/me/appointments/{appointment.reference}/"))
    return page.partition("What happened ")[2].partition(" Footer")[0]


def test_every_step_has_its_person_its_moment_and_its_reason(booked, carer, noon):
    desk = staff("receptionist")
    with time_machine.travel(noon + LATER, tick=False):
        reschedule_appointment(appointment=booked, starts_at=at(11), by=carer)
    with time_machine.travel(noon + 2 * LATER, tick=False):
        cancel_appointment(appointment=booked, reason="Travelling", by=desk)

    assert steps_of(booked) == [
        Step(noon, S.HELD, carer),
        Step(noon, S.BOOKED, carer),
        Step(noon + LATER, S.BOOKED, carer, starts_at=at(11), was_at=at(9)),
        Step(noon + 2 * LATER, S.CANCELLED, desk, reason="Travelling"),
    ]


def test_an_expired_hold_names_no_person(doctor, patient, carer, noon):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    stranger = carer_of(other := PatientFactory())

    with time_machine.travel(noon + LATER, tick=False), audit_context(actor=stranger):
        hold_slot(patient=other, doctor=doctor, starts_at=at(9), by=stranger)

    assert steps_of(held)[-1] == Step(noon + LATER, S.EXPIRED)
    assert not AuditEvent.objects.filter(object_pk=held.pk, actor=stranger).exists()


def test_outside_requests_the_log_names_the_actor_of_the_service(booked, carer):
    entries = AuditEvent.objects.filter(model="scheduling.appointment", object_pk=str(booked.pk))

    assert set(entries.values_list("actor", "source")) == {(carer.pk, "shell")}


def test_a_deleted_login_is_not_shown_as_the_system(booked, noon):
    gone = staff("receptionist")
    cancel_appointment(appointment=booked, by=gone)
    gone.delete()

    assert steps_of(booked)[-1] == Step(noon, S.CANCELLED, is_by_known=False)


def test_the_row_keeps_when_it_was_booked_and_ended_and_clears_an_end_that_is_undone(doctor, patient, noon):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(9), by=SYSTEM)
    with time_machine.travel(noon + LATER, tick=False):
        expire_holds()
        held.refresh_from_db()
        expired = (held.booked_at, held.ended_at)
        booked = confirm_booking(appointment=held, by=SYSTEM)
    with time_machine.travel(at(9, 10), tick=False):
        missed = mark_no_show(appointment=booked, by=SYSTEM)
    with time_machine.travel(at(9, 20), tick=False):
        arrived = check_in(appointment=booked, by=SYSTEM)

    assert expired == (None, noon + LATER)
    assert (booked.booked_at, booked.ended_at) == (noon + LATER, None)
    assert missed.ended_at == at(9, 10)
    assert (arrived.arrived_at, arrived.ended_at) == (at(9, 20), None)
    assert [step.status for step in steps_of(held)] == ["held", "expired", "booked", "no_show", "arrived"]


def test_imported_steps_come_from_the_moments_of_the_row(client, doctor, patient, carer):
    with time_machine.travel(at(12, days=2), tick=False):
        desk, starts_at = staff("receptionist"), at(9, days=0)
        moments = [starts_at + timedelta(minutes=n) for n in (-90, -85, -5, 3, 20)]
        steps = (S.HELD, S.BOOKED, S.ARRIVED, S.IN_CONSULTATION, S.COMPLETED)
        by = (carer, carer, desk, None, None)
        past = [Happening(*step) for step in zip(steps, moments, by, strict=True)]
        record = Record(patient, doctor, starts_at, tuple(past), "web")
        with audit_context(actor=staff("administrator")):
            (visit,) = record_appointments(records=[record], by=SYSTEM)

        told = happened(client, carer, visit)

    assert steps_of(visit) == [
        Step(moments[0], S.HELD, carer),
        *(Step(at, step, is_by_known=False) for step, at in zip(steps[1:], moments[1:], strict=True)),
    ]
    assert told.startswith(
        "Time held during the booking by you Tue 24 Nov 2026, 7:30 AM Booked Tue 24 Nov 2026, "
        "7:35 AM Checked in at the desk Tue 24 Nov 2026, 8:55 AM Consultation started Tue 24 Nov"
    )


@pytest.mark.parametrize(("ended", "known"), [(S.CANCELLED, False), (S.EXPIRED, True)])
def test_an_imported_end_has_its_moment_and_reason(doctor, patient, ended, known):
    with time_machine.travel(at(12, days=2), tick=False):
        starts_at = at(9, days=0)
        first, last = starts_at - timedelta(days=2), starts_at - timedelta(days=1)
        past = (Happening(S.HELD, first), Happening(ended, last, note="Feels better"))
        (visit,) = record_appointments(records=[Record(patient, doctor, starts_at, past, "web")], by=SYSTEM)

    reason = "Feels better" if ended == S.CANCELLED else ""
    assert visit.booked_at is None
    assert steps_of(visit) == [
        Step(first, S.HELD),
        Step(last, ended, is_by_known=known, reason=reason),
    ]


def test_the_moments_remain_after_a_purge_of_the_log(booked, carer, noon, tmp_path):
    with time_machine.travel(at(8, 50), tick=False):
        check_in(appointment=booked, by=SYSTEM)
    seal_log()
    for archive in archive_log("writes", timezone.now() + timedelta(days=30), tmp_path):
        purge_archive(archive, tmp_path)
    with time_machine.travel(at(9, 40), tick=False):
        missed = mark_no_show(appointment=booked, by=SYSTEM)

    assert steps_of(missed) == [
        Step(noon, S.BOOKED, carer),
        Step(at(8, 50), S.ARRIVED, is_by_known=False),
        Step(at(9, 40), S.NO_SHOW),
    ]


@pytest.mark.feature("U02")
def test_a_history_forged_by_sql_is_named_by_the_verifier(booked):
    seal_log()
    columns = ", ".join(
        connection.ops.quote_name(field.column)
        for field in AuditEvent._meta.concrete_fields
        if not field.primary_key
    )
    last = AuditEvent.objects.order_by("pk").last().pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_auditevent (id, {columns}) SELECT id + 1, {columns} "  # noqa: S608
            "FROM audit_auditevent WHERE id = %s",
            [last],
        )

    assert {finding["kind"] for finding in findings()} >= {"forged_entry"}
    assert "scheduling_appointmentstep" not in connection.introspection.table_names()


def test_a_status_set_by_sql_leaves_the_history_as_it_was(booked):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scheduling_appointment SET status = 'completed' WHERE id = %s", [booked.pk])

    assert [step.status for step in steps_of(booked)] == ["held", "booked"]
    assert {"changed_row"} <= {finding["kind"] for finding in findings()}


@pytest.mark.parametrize("moves", [1, 4])
def test_long_and_short_histories_take_the_same_queries(booked, carer, moves, django_assert_num_queries):
    for move in range(moves):
        reschedule_appointment(appointment=booked, starts_at=at(10 + move % 2), by=carer)

    with django_assert_num_queries(1):
        assert len(steps_of(booked)) == 2 + moves


def test_reading_the_history_is_logged_as_reading_the_appointment(client, booked, carer):
    happened(client, carer, booked)

    entry = AuditEvent.objects.get(action="read", origin__contains=booked.reference)
    assert entry.details["shown"]["scheduling.appointment"] == 1
    assert "audit.auditevent" not in entry.details["shown"]


def test_the_staff_see_moves_and_reasons_too(client, doctor, patient):
    desk = staff("administrator", full_name="Desk Rani")
    doctor.schedules.update(capacity=1)
    book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    extra = book_appointment(
        patient=patient, doctor=doctor, starts_at=at(9), overbooking_reason="Chest pain", by=desk
    )
    reschedule_appointment(appointment=extra, starts_at=at(10), by=desk)
    client.force_login(desk)

    page = text(client.get(f"/admin/scheduling/appointment/{extra.pk}/change/"))

    assert (
        "What happened 22 Nov 2026, 12:00 PM Booked Desk Rani Chest pain 22 Nov 2026, 12:00 PM Booked "
        "Desk Rani moved from 23 Nov 2026, 9:00 AM to 23 Nov 2026, 10:00 AM"
    ) in page


def test_a_move_to_another_doctor_names_both(client, booked, carer):
    desk, was = staff("administrator", full_name="Desk Rani"), booked.doctor.full_name
    other = doctor_with_hours(full_name="Dr Meera Pillai")
    reschedule_appointment(appointment=booked, doctor=other, starts_at=at(10), by=desk)

    assert "Moved to Mon 23 Nov 2026, 10:00 AM, Dr Meera Pillai" in happened(client, carer, booked)
    client.force_login(desk)
    page = text(client.get(f"/admin/scheduling/appointment/{booked.pk}/change/"))
    assert f"moved from 23 Nov 2026, 9:00 AM, {was}, to 23 Nov 2026, 10:00 AM, Dr Meera Pillai" in page
