"""What is measured: the floor's two requests, public pages as wrk reads them, and a booking."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from bench.load import ask
from bench.world import Client, free_times

CSRF = "b" * 32
TICKS = 1_000
PRICE = "559.00"


class Unexpected(Exception):
    """The server answered something else than a booking makes it answer."""


def expect(answer: tuple[int, str], status: int) -> str:
    if answer[0] != status:
        raise Unexpected(f"{answer[0]} instead of {status}, leading to {answer[1] or 'nowhere'}")
    return answer[1]


def reads(clients: list[Client]) -> dict[str, list[str]]:
    """By name, the addresses that are asked for in turn; of each doctor, fragments of the coming days."""
    days = [timezone.localdate() + timedelta(days=n) for n in range(2, 16)]
    doctors = [client.doctor for client in clients]
    return {
        "availability": [f"/doctors/{doctor}/times/?day={day}" for day in days for doctor in doctors],
        "doctor page": [f"/doctors/{doctor}/" for doctor in doctors],
        "home": ["/"],
        "doctor list": ["/doctors/"],
        "sign-up": ["/accounts/signup/"],
    }


def floor_reads() -> list[str]:
    return [f"/floor/select/tick-{n}/" for n in range(TICKS)]


def insert_floor(port: int, _client: Client) -> Callable[[], None]:
    return lambda: expect(ask(port, "POST", "/floor/insert/", form={"x": "1"}), 201)


def booking_now(port: int, client: Client) -> Callable[[], None]:
    """From a free time to a booked one with one button: at once, to be paid at the desk."""
    times, cookies = _booker(client)

    def book() -> None:
        at = next(times)
        path = f"/book/{client.doctor}/now/?{urlencode({'at': at})}"
        done = expect(
            ask(port, "POST", path, cookies=cookies, form=_booking_request(client, at) | {"total": PRICE}),
            302,
        )
        _expect_booked(done)

    return book


def booking(port: int, client: Client) -> Callable[[], None]:
    """The same in two steps: hold the time, then check and book it, to be paid at the desk."""
    times, cookies = _booker(client)

    def book() -> None:
        at = next(times)
        start = f"/book/{client.doctor}/?{urlencode({'at': at})}"
        check = expect(ask(port, "POST", start, cookies=cookies, form=_booking_request(client, at)), 302)
        pay = {"csrfmiddlewaretoken": CSRF, "key": uuid.uuid4().hex, "pay": "desk", "total": PRICE}
        _expect_booked(expect(ask(port, "POST", check, cookies=cookies, form=pay), 302))

    return book


def _booker(client: Client) -> tuple[Iterator[str], str]:
    """The client's free times as the page writes them, and the login's cookies."""
    times = (at.astimezone(UTC).strftime("%Y%m%dT%H%MZ") for at in free_times(client))
    return times, f"hms-session={client.session}; csrftoken={CSRF}"


def _booking_request(client: Client, at: str) -> dict[str, str]:
    form = {"csrfmiddlewaretoken": CSRF, "key": uuid.uuid4().hex, "at": at}
    return form | {"patient": client.patient, "symptoms": "Cough for a week"}


def _expect_booked(leads_to: str) -> None:
    if not leads_to.endswith("/done/"):
        raise Unexpected(f"booking led to {leads_to}")
