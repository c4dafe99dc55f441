"""What is measured: the floor's two requests, the fragment of a day's times, and a booking."""

import uuid
from collections.abc import Callable
from datetime import UTC, timedelta
from itertools import count
from urllib.parse import urlencode

from django.utils import timezone

from bench.load import ask, in_turn
from bench.world import Client, free_times

CSRF = "b" * 32
TICKS = 1_000


class Unexpected(Exception):
    """The server answered something else than a booking makes it answer."""


def expect(answer: tuple[int, str], status: int) -> str:
    if answer[0] != status:
        raise Unexpected(f"{answer[0]} instead of {status}, leading to {answer[1] or 'nowhere'}")
    return answer[1]


def select_floor(port: int, _client: Client) -> Callable[[], None]:
    numbers = count()
    return lambda: expect(ask(port, "GET", f"/floor/select/tick-{next(numbers) % TICKS}/"), 200)


def insert_floor(port: int, _client: Client) -> Callable[[], None]:
    return lambda: expect(ask(port, "POST", "/floor/insert/", form={"x": "1"}), 201)


def availability(port: int, client: Client) -> Callable[[], None]:
    """One doctor's day as the page's fragment, each of the coming days in turn."""
    today = timezone.localdate()
    days = in_turn([today + timedelta(days=n) for n in range(2, 16)])
    return lambda: expect(ask(port, "GET", f"/doctors/{client.doctor}/times/?day={next(days)}"), 200)


def booking(port: int, client: Client) -> Callable[[], None]:
    """From a free time to a booked one: hold it, then book it to be paid at the desk."""
    times = iter(free_times(client))
    cookies = f"hms-session={client.session}; csrftoken={CSRF}"

    def book() -> None:
        at = next(times).astimezone(UTC).strftime("%Y%m%dT%H%MZ")
        form = {"csrfmiddlewaretoken": CSRF, "key": uuid.uuid4().hex}
        start = f"/book/{client.doctor}/?{urlencode({'at': at})}"
        wish = form | {"patient": client.patient, "symptoms": "Cough for a week", "at": at}
        check = expect(ask(port, "POST", start, cookies=cookies, form=wish), 302)
        pay = form | {"pay": "desk", "total": "559.00"}
        done = expect(ask(port, "POST", check, cookies=cookies, form=pay), 302)
        if not done.endswith("/done/"):
            raise Unexpected(f"booking led to {done}")

    return book
