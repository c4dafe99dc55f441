"""What the address of a report asks for is answered as asked or refused."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.api.calls import Caller
from tests.factories import staff
from tests.scheduling.admin_day import MORNING

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("wednesday_morning"),
    pytest.mark.feature("R03"),
]
TODAY = {"first": MORNING.date().isoformat(), "last": MORNING.date().isoformat()}


def shown(client, slug: str, **asked):
    return client.get(reverse("admin:report", args=[slug]), TODAY | asked).context


@pytest.mark.parametrize(
    ("slug", "asked", "wrong"),
    [
        ("peak-hours", {"step": "month"}, "__all__"),
        ("notifiable-counts", {"department": "cardiology"}, "__all__"),
        ("patients-by-district", {"top": "1000000000"}, "top"),
        ("bookings", {"first": "06/03/2026"}, "first"),
        ("bookings", {"last": "9999-12-31"}, "__all__"),
        ("bookings", {"departmnt": "cardiology"}, "__all__"),
        ("bookings", {"Doctor": ""}, "__all__"),
    ],
)
def test_what_a_report_cannot_be_asked_is_refused_and_not_left_out(client, slug, asked, wrong):
    client.force_login(staff("administrator"))

    page = shown(client, slug, **asked)
    file = client.get(f"/admin/reports/{slug}.csv", TODAY | asked)
    call = Caller(staff("administrator")).get(f"reports/{slug}/?{urlencode(TODAY | asked)}")

    assert (page["answer"], list(page["form"].errors)) == (None, [wrong])
    assert (file.status_code, call.status_code) == (404, 400)


def test_a_misspelt_name_is_named(client):
    client.force_login(staff("receptionist"))

    page = client.get("/admin/reports/bookings/", {"departmnt": "cardiology", "branc": "main"})
    call = Caller(staff("receptionist")).get("reports/bookings/?departmnt=cardiology&branc=main")

    assert "This report has no choice called “branc, departmnt”." in page.text
    assert set(call.json()["errors"]) == {"departmnt", "branc"}
