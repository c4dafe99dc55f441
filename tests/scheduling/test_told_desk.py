"""Where the front desk changes the bookings of doctors, doctors ask it."""

import pytest

from hms.core.refusals import NotAllowed
from scheduling.exceptions import (
    AskTheDesk,
    NothingAsked,
)
from scheduling.models import ScheduleException
from scheduling.services import (
    ask_the_desk,
    cancel_appointment,
    save_exception,
    settle_what_was_asked,
)
from tests.factories import at, staff
from tests.opened import send
from tests.scheduling.admin_day import change_page, doctor_with_login, page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S30")]


def leave_of(doctor, **fields) -> ScheduleException:
    return ScheduleException(
        **{"kind": "leave", "doctor": doctor, "starts_at": at(8, days=3), "ends_at": at(20, days=3)} | fields
    )


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
