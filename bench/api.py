"""The API as it is asked: every operation that reads, by everybody who may, and booking."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from bench import records
from bench.jobs import Unexpected
from bench.load import Figures, call, measure
from bench.world import Client, Doctor, free_times
from hms.api.docs import SCHEMA
from tests.api.calls import token_of

BASE = "/api/v1/"
PATHS = json.loads(SCHEMA.read_text())["paths"]
READS = sorted(path for path, item in PATHS.items() if "get" in item)
PATIENTS = 4_000
MONTH = "?days=31"


class Callers:
    """A patient of each client, and one of each kind of staff; the doctor is that of the first client."""

    def __init__(self, clients: list[Client]):
        doctor = Doctor.objects.get(pk=clients[0].doctor_id)
        doctor.user = staff(Role.DOCTOR)
        doctor.save()
        self.patients = [
            token_of(User.objects.get(email=f"client{n}@example.org")) for n in range(len(clients))
        ]
        self.tokens = {
            "nobody": "",
            "patient": self.patients[0],
            "doctor": token_of(doctor.user),
            "front desk": token_of(staff(Role.RECEPTIONIST)),
            "administrator": token_of(staff(Role.ADMINISTRATOR)),
        }


def staff(role: Role) -> User:
    user = User.objects.create_user(f"{role}@example.org", full_name=role.label, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def fill(clients: list[Client], add_history: Callable[[], None]) -> Callers:
    callers = Callers(clients)
    records.add_patients(PATIENTS)
    add_history()
    records.add_records()
    return callers


def reads(port: int, callers: Callers) -> Iterator[tuple[str, str]]:
    """By name what wrk is to ask for: each GET of the description that answers the caller with 200."""
    for path in READS:
        for who, token in callers.tokens.items():
            address = filled(port, path, token)
            if address and call(port, "GET", address, token=token)[0] == 200:
                yield f"{path.removeprefix(BASE)}, {who}", f"{address} Bearer {token}" if token else address
                if who == "nobody":
                    break  # it is public, and the same for all


def filled(port: int, path: str, token: str) -> str | None:
    """The address with the first reference that the list above it shows the caller."""
    for part, name in (("{ref}", "ref"), ("{number}", "number")):
        if part in path:
            status, shown = call(port, "GET", path[: path.index(part)], token=token)
            if status != 200 or not shown["results"]:
                return None
            path = path.replace(part, str(shown["results"][0][name]), 1)
    return path


def slots(clients: list[Client], query: str = "") -> list[str]:
    """Of each doctor in turn the free times of the coming days, as the page of times is asked for."""
    first = timezone.localdate() + timedelta(days=2)
    days = [first + timedelta(days=n) for n in range(14)] if not query else [first]
    asked = query.replace("?", "&")
    return [f"{BASE}doctors/{client.doctor}/slots/?date={day}{asked}" for day in days for client in clients]


def booking(port: int, client: Client, token: str, *, with_key: bool) -> Callable[[], None]:
    times: Iterator = iter(free_times(client))

    def book() -> None:
        wanted = {"doctor": client.doctor, "starts_at": next(times).isoformat(), "pay": "desk"}
        headers = {"Idempotency_Key": uuid.uuid4().hex} if with_key else {}
        status, said = call(port, "POST", f"{BASE}bookings/", token=token, data=wanted, **headers)
        if status != 201:
            raise Unexpected(f"{status} {said.get('code')} instead of a booking")

    return book


def all_reads(port: int, callers: Callers, clients: list[Client]) -> dict[str, list[str]]:
    named = {name: [path] for name, path in reads(port, callers)}
    return named | {"slots of a day": slots(clients), "slots of a month": slots(clients, MONTH)}


def measure_bookings(
    port: int, callers: Callers, clients: list[Client], seconds: float
) -> dict[str, Figures]:
    found = {}
    for name, with_key in (("POST bookings/", False), ("POST bookings/, with a key", True)):
        jobs = [
            booking(port, client, token, with_key=with_key)
            for client, token in zip(clients, callers.patients, strict=False)
        ]
        found[name] = measure(name, jobs, seconds)
    return found
