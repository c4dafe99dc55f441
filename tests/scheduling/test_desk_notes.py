"""The note of the desk at an appointment: for the staff who run the visit, never for the patient."""

import pytest

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from scheduling.models import Appointment
from scheduling.services import write_desk_note
from tests.factories import NurseFactory, carer_of, staff
from tests.opened import boxes_of, send
from tests.scheduling.admin_day import change_page, doctor_with_login, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S32")]
NOTE = "Needs a wheelchair at the gate"


def write(client, appointment: Appointment, note: str = NOTE):
    return send(client, page("scheduling_appointment_note", appointment.pk), {"desk_note": note})


@pytest.fixture
def noted(appointment):
    return write_desk_note(appointment=appointment, desk_note=f" {NOTE} ", by=staff("receptionist"))


def test_the_desk_writes_a_note_that_its_pages_show_and_the_log_names_the_writer(client, appointment):
    desk = staff("receptionist")
    client.force_login(desk)

    write(client, appointment)
    pages = [change_page(appointment), page("scheduling_appointment_desk"), page("index")]
    shown = [NOTE in client.get(address).content.decode() for address in pages]

    entry = AuditEvent.objects.filter(model="scheduling.appointment", action="update").latest("pk")
    assert shown == [True, True, True]
    assert (entry.actor, entry.changes) == (desk, {"desk_note": ["", NOTE]})


def test_those_who_run_the_visit_read_and_change_it_and_no_other_member_of_staff_does(client, noted):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(noted.doctor)
    people = {
        "doctor": noted.doctor.user,
        "nurse": nurse.user,
        "another doctor": doctor_with_login().user,
        "billing clerk": staff("billing_clerk"),
    }
    seen = {}

    for who, user in people.items():
        client.force_login(user)
        address = change_page(noted)
        pages = [client.get(address), client.get(address.replace("/change/", "/history/"))]
        reads = [NOTE in each.content.decode() for each in pages]
        seen[who] = (*reads, client.get(page("scheduling_appointment_note", noted.pk)).status_code)

    assert seen == {
        "doctor": (True, True, 200),
        "nurse": (True, True, 200),
        "another doctor": (False, False, 302),
        "billing clerk": (False, False, 403),
    }


def test_no_page_of_the_patient_has_the_note_or_what_a_doctor_asks(client, noted):
    Appointment.objects.filter(pk=noted.pk).update(
        asked_of_desk="Move it to Monday", asked_of_desk_at=noted.created_at
    )
    client.force_login(carer_of(noted.patient))
    own = f"/me/appointments/{noted.reference}/"
    addresses = [
        "/me/", "/me/appointments/", own, f"{own}cancel/", f"{own}reschedule/", f"{own}symptoms/",
        f"{own}calendar.ics", f"/book/{noted.reference}/done/", "/me/records/access/", "/me/records/",
    ]  # fmt: skip

    pages = {address: client.get(address) for address in addresses}

    assert {address: each.status_code for address, each in pages.items()} == dict.fromkeys(addresses, 200)
    texts = [each.content.decode() for each in pages.values()]
    assert [word for word in (NOTE, "Move it to Monday") for each in texts if word in each] == []


def test_a_note_that_somebody_changed_meanwhile_is_not_overwritten(client, appointment):
    client.force_login(appointment.doctor.user)
    address = page("scheduling_appointment_note", appointment.pk)
    form = boxes_of(client.get(address))
    write_desk_note(appointment=appointment, desk_note=NOTE, by=staff("receptionist"))

    response = client.post(address, form | {"desk_note": "Speaks Kannada"})

    appointment.refresh_from_db()
    assert (response.status_code, appointment.desk_note) == (409, NOTE)


@pytest.mark.parametrize("who", ["carer", "another doctor", "billing_clerk"])
def test_the_service_refuses_everybody_else(appointment, who):
    by = {
        "carer": carer_of(appointment.patient),
        "another doctor": doctor_with_login().user,
        "billing_clerk": staff("billing_clerk"),
    }[who]

    with pytest.raises(NotAllowed):
        write_desk_note(appointment=appointment, desk_note=NOTE, by=by)

    appointment.refresh_from_db()
    assert appointment.desk_note == ""
