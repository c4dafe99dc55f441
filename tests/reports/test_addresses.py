"""What the address of a report asks for is answered as asked or refused, and leads on to what is counted."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from hms.core.rights import SYSTEM
from scheduling.models import Branch
from scheduling.services import cancel_appointment, check_in
from tests.api.calls import Caller
from tests.clinical.rows import doctor_at_work
from tests.factories import staff
from tests.scheduling.admin_day import MORNING, visit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("R03"),
]
TODAY = {"first": MORNING.date().isoformat(), "last": MORNING.date().isoformat()}
TIMES = ((9, 30), (10, 0), (10, 30), (11, 0))


def shown(client, slug: str, **asked):
    return client.get(reverse("admin:report", args=[slug]), TODAY | asked).context


def a_day(doctor) -> None:
    """One patient came, two are to come, and one cancelled."""
    came, *_coming, cancelled = (visit(doctor, *time) for time in TIMES)
    check_in(appointment=came, by=SYSTEM)
    cancel_appointment(appointment=cancelled, by=SYSTEM)


@pytest.mark.parametrize(
    ("slug", "asked", "wrong"),
    [
        ("peak-hours", {"step": "month"}, "__all__"),
        ("notifiable-counts", {"department": "cardiology"}, "__all__"),
        ("patients-by-district", {"top": "1000000000"}, "top"),
        ("bookings", {"first": "06/03/2026"}, "first"),
        ("bookings", {"last": "9999-12-31"}, "__all__"),
    ],
)
def test_what_a_report_cannot_be_asked_is_refused_and_not_left_out(client, slug, asked, wrong):
    client.force_login(staff("administrator"))

    page = shown(client, slug, **asked)
    file = client.get(f"/admin/reports/{slug}.csv", TODAY | asked)
    call = Caller(staff("administrator")).get(f"reports/{slug}/?{urlencode(TODAY | asked)}")

    assert (page["answer"], list(page["form"].errors)) == (None, [wrong])
    assert (file.status_code, call.status_code) == (404, 400)


def test_the_numbers_of_a_row_lead_to_what_they_count(client):
    a_day(doctor_at_work())
    client.force_login(staff("receptionist"))

    answer = shown(client, "bookings")["answer"]

    [(whole, cells)] = answer.lines()
    found = {one.name: listed(client, address) for one, _text, address in cells if address}
    bars = [listed(client, bar.href) for bar in answer.drawing.bars]
    assert found == {"came": 1, "coming": 2, "cancelled": 1}
    assert bars == [1, 2, 1]
    assert listed(client, whole) == 4


def test_the_list_behind_a_number_is_of_all_branches(client):
    doctor = doctor_at_work()
    a_day(doctor)
    desk = staff("receptionist")
    Branch.objects.create(code="other", name="Other").staff.add(desk)
    client.force_login(desk)

    [(whole, _cells)] = shown(client, "bookings")["answer"].lines()

    assert listed(client, whole) == 4


def test_the_list_behind_a_doctors_number_is_of_that_doctor(client):
    own = doctor_at_work()
    a_day(own)
    client.force_login(own.user)

    [(whole, _cells)] = shown(client, "bookings")["answer"].lines()

    assert f"doctor__id__exact={own.pk}" in whole
    assert listed(client, whole) == 4


def listed(client, address: str) -> int:
    return client.get(address).context["cl"].result_count
