"""Clients that wait for nothing but the answer: wrk for pages, sockets of our own for what is written."""

import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
SCRIPT = Path(__file__).with_name("paths.lua")
LOCATION = re.compile(rb"(?i)\r\nlocation: ([^\r]+)")


class Refused(Exception):
    """A page was answered with an error."""


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
    headers = {"Cookie": cookies} if cookies else {}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    answer = exchange(port, method, path, headers, urlencode(form).encode() if form else b"")
    location = LOCATION.search(answer)
    return int(STATUS.match(answer)[1]), location[1].decode() if location else ""


def call(
    port: int, method: str, path: str, *, token: str = "", data: dict | None = None, **headers: str
) -> tuple[int, dict]:
    """One call of the API; returns the status and what it says."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if data is not None:
        headers["Content-Type"] = "application/json"
    answer = exchange(port, method, path, headers, json.dumps(data).encode() if data is not None else b"")
    return int(STATUS.match(answer)[1]), json.loads(answer.partition(b"\r\n\r\n")[2] or b"{}")


def exchange(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request(port, method, path, headers, body))
        return b"".join(iter(lambda: connection.recv(65536), b""))


def request(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    sent = {"Host": f"127.0.0.1:{port}"} | headers
    if method == "POST":
        sent["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.0", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
    return "\r\n".join(lines).encode() + body


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


def read(name: str, port: int, paths: list[str], clients: int, seconds: float) -> Figures:
    """Let wrk ask for the paths in turn, each client over one connection, until the time is up."""
    command = [
        *("wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{max(1, round(seconds))}s"),
        *("--timeout", "60s", "--script", str(SCRIPT), f"http://127.0.0.1:{port}", "--", *paths),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    if found["failed"]:
        raise Refused(f"{name}: {found['failed']} of {found['jobs']} answers were errors")
    per_second = found["jobs"] / found["seconds"]
    return Figures(name, per_second, found["p50_ms"], found["p95_ms"], found["jobs"])
