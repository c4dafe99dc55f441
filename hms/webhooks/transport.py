"""One POST to a receiver, bounded in time and size. Redirects and proxies are not followed."""

import io
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPException, HTTPResponse

from hms.webhooks.addresses import Address, parse, resolve
from hms.webhooks.exceptions import AddressRefused

TOTAL_S = 10.0
MOST_BYTES = 64 * 1024  # of an answer; only its status and `Retry-After` count
SECONDS = re.compile(r"[0-9]{1,10}")
LONGEST_ASKED_S = 86_400


@dataclass(frozen=True)
class Answer:
    """What came of one attempt: a status of HTTP, or 0 and why there is none."""

    status: int = 0
    error: str = ""
    pause: timedelta = timedelta(0)  # that the receiver asks for

    @property
    def is_accepted(self) -> bool:
        return 200 <= self.status < 300


class Deadline:
    def __init__(self, seconds: float):
        self.ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left; raises `TimeoutError` if there are none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Incoming(io.RawIOBase):
    """What a socket receives until the deadline, however slowly it drips, and up to a size."""

    def __init__(self, connection: socket.socket, deadline: Deadline):
        super().__init__()
        self.connection, self.deadline, self.left = connection, deadline, MOST_BYTES

    def makefile(self, *_mode) -> io.BufferedReader:  # as `HTTPResponse` asks of a socket
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if self.left <= 0:
            return 0
        self.connection.settimeout(self.deadline.left())
        count = self.connection.recv_into(memoryview(buffer)[: self.left])
        self.left -= count
        return count


def post(url: str, body: bytes, headers: Mapping[str, str], total_s: float = TOTAL_S) -> Answer:
    """Send the body; never raises for what receivers, networks and names do."""
    deadline = Deadline(total_s)
    try:
        address = parse(url)
        numbers = resolve(address, deadline.left())
        with connect(address, numbers, deadline) as connection:
            connection.settimeout(deadline.left())
            connection.sendall(request(address, body, headers))
            return answer_of(connection, deadline)
    except AddressRefused:
        return Answer(error="AddressRefused")
    except (OSError, HTTPException, ValueError) as error:  # their messages may repeat the address
        return Answer(error=type(error).__name__)


def connect(address: Address, numbers: list[str], deadline: Deadline) -> socket.socket:
    """A connection to one of the numbers that were judged, encrypted for the host's name."""
    for number in numbers[:-1]:
        try:
            return encrypted(address, number, deadline)
        except OSError:
            continue
    return encrypted(address, numbers[-1], deadline)


def encrypted(address: Address, number: str, deadline: Deadline) -> socket.socket:
    connection = socket.create_connection((number, address.port), timeout=deadline.left())
    if address.scheme == "http":
        return connection
    try:
        connection.settimeout(deadline.left())
        return trusted().wrap_socket(connection, server_hostname=address.host)
    except BaseException:
        connection.close()
        raise


@cache
def trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def request(address: Address, body: bytes, headers: Mapping[str, str]) -> bytes:
    named = {
        "Host": address.host_header,
        "User-Agent": "hms-webhooks",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {address.target} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def answer_of(connection: socket.socket, deadline: Deadline) -> Answer:
    response = HTTPResponse(Incoming(connection, deadline), method="POST")
    response.begin()
    return Answer(status=response.status, pause=pause_asked(response.headers.get("Retry-After", "")))


def pause_asked(text: str, at: datetime | None = None) -> timedelta:
    """What `Retry-After` asks for, in seconds or as a moment; at most a day, nothing if not understood."""
    if SECONDS.fullmatch(text.strip()):
        return timedelta(seconds=min(int(text), LONGEST_ASKED_S))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return timedelta(0)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    asked = moment - (at or datetime.now(UTC))
    return min(max(asked, timedelta(0)), timedelta(seconds=LONGEST_ASKED_S))
