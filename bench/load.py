"""Clients that wait for nothing but the answer: a socket, a request, the time it took."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlencode

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
LOCATION = re.compile(rb"(?i)\r\nlocation: ([^\r]+)")


@dataclass(frozen=True)
class Figures:
    """What one run of all clients measured; a job may be several requests."""

    name: str
    per_second: float
    p50_ms: float
    p95_ms: float
    jobs: int


def ask(port: int, method: str, path: str, *, cookies: str = "", form: dict | None = None) -> tuple[int, str]:
    """One request on one connection; returns the status and where it leads."""
    body = urlencode(form).encode() if form else b""
    head = f"{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n"
    if cookies:
        head += f"Cookie: {cookies}\r\n"
    if method == "POST":
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    location = LOCATION.search(answer)
    return int(STATUS.match(answer)[1]), location[1].decode() if location else ""


def measure(name: str, jobs: list[Callable[[], None]], seconds: float) -> Figures:
    """Let each job run over and over in a thread of its own until the time is up."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_repeat, args=[job, until, took]) for job in jobs]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    cuts = quantiles(took, n=20)
    return Figures(name, len(took) / elapsed, cuts[9] * 1000, cuts[18] * 1000, len(took))


def _repeat(job: Callable[[], None], until: float, took: list[float]) -> None:
    while (started := time.perf_counter()) < until:
        job()
        took.append(time.perf_counter() - started)


def in_turn(values: list) -> Iterator:
    """The values for ever, from the first on."""
    while True:
        yield from values
