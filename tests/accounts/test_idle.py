"""A login that nobody uses ends: of staff after 30 minutes, of patients later; what is typed is kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Language
from audit.models import AuditEvent
from tests.factories import UserFactory, staff
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A02")]
MORNING = datetime(2027, 3, 1, 9, tzinfo=UTC)
BOARD = "/admin/day-board/"


@pytest.fixture
def clock(settings):
    settings.SESSION_IDLE_MINUTES = {"staff": 30, "patients": 120}
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def working(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_in(client: Client, page: str) -> bool:
    return client.get(page).status_code == 200


@pytest.mark.parametrize(("minutes", "stays"), [(29, True), (31, False)])
def test_staff_are_logged_out_after_half_an_hour_without_a_request(clock, minutes, stays):
    nurse = staff("nurse")
    client = working(nurse)

    clock.shift(timedelta(minutes=minutes))

    assert is_in(client, BOARD) == stays
    assert AuditEvent.objects.filter(action="logout", actor=nurse).count() == (not stays)


@pytest.mark.parametrize(("minutes", "stays"), [(119, True), (121, False)])
def test_patients_have_longer(clock, minutes, stays):
    client = working(UserFactory())

    clock.shift(timedelta(minutes=minutes))

    assert is_in(client, "/me/profile/") == stays


def test_whoever_works_on_stays_in_and_no_page_writes_to_the_session(clock):
    client = working(staff("nurse"))
    client.get(BOARD)
    kept = client.session["began_at"]

    stays = []
    for _pause in range(5):
        clock.shift(timedelta(minutes=20))
        stays.append(is_in(client, BOARD))

    assert stays == [True] * 5
    assert client.session["began_at"] == kept == MORNING.timestamp()


def test_what_saves_itself_is_use_and_what_loads_by_itself_is_none(clock):
    writes, leaves = working(staff("doctor")), working(staff("doctor"))

    for _pause in range(4):
        clock.shift(timedelta(minutes=10))
        writes.post("/admin/consultation/NOBODYSVIS/?autosave=1", headers={"HX-Request": "true"})
        leaves.get(BOARD, headers={"HX-Request": "true", "X-By-Itself": "board"})

    assert [is_in(writes, BOARD), is_in(leaves, BOARD)] == [True, False]


def test_the_board_says_that_it_loads_by_itself(clock):
    page = working(staff("receptionist")).get(BOARD)

    assert """hx-headers='{"X-By-Itself": "board"}'""" in page.text


def test_the_mark_of_one_login_keeps_no_other_open(clock):
    nurse = staff("nurse")
    left = working(nurse)
    clock.shift(timedelta(minutes=20))
    used = working(nurse)
    clock.shift(timedelta(minutes=20))
    used.get(BOARD)

    left.cookies["hms-used"] = used.cookies["hms-used"].value

    assert [is_in(used, BOARD), is_in(left, BOARD)] == [True, False]


def test_a_form_that_was_sent_too_late_waits_for_the_next_login(clock):
    administrator = staff("administrator")
    client = working(administrator)
    page = "/admin/accounts/language/add/"
    client.get(page)

    clock.shift(timedelta(minutes=40))
    sent = client.post(page, {"name": "Tulu"})
    client.force_login(administrator)
    again = client.get(page)

    assert sent.status_code == 302
    assert "What you sent is not saved yet" in again.text
    assert not Language.objects.filter(name="Tulu").exists()


def test_a_new_password_does_not_end_the_login_that_chose_it(clock):
    user = UserFactory()
    client = working(user)
    for _pause in range(8):
        clock.shift(timedelta(minutes=20))
        client.get("/me/profile/")

    new = "four quiet herons here"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password(new)
    assert is_in(client, "/me/profile/")
