"""One database's round: build the hospital, start the server, measure, add history, measure again.

Runs in a process of its own with DATABASE_URL set, and prints its figures as JSON.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from statistics import median

import django

CLIENTS, WORKERS, THREADS, ROUNDS, API_ROUNDS = 8, 2, 4, 5, 3
KEPT_FOR_S = "5"  # the most that PUBLIC_CACHE_SECONDS may be
QUIET, MOST_SECONDS_TO_SETTLE = 0.05, 60
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def server(port: int, **environment: str):
    """Gunicorn as in production."""
    command = [
        sys.executable, "-m", "gunicorn", "hms.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket",
        "--backlog", "512", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    from bench.load import ask  # noqa: PLC0415 - after django.setup()

    for _attempt in range(100):
        try:
            if ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not answer")


def settle() -> None:
    """Wait until the machine has finished what adding so many rows left to do (flushing, cleaning up)."""
    for _attempt in range(MOST_SECONDS_TO_SETTLE):
        busy, total = _processor_time()
        time.sleep(1)
        busy_now, total_now = _processor_time()
        if busy_now - busy < QUIET * (total_now - total):
            return


def _processor_time() -> tuple[int, int]:
    """Time that all processors were busy, and all time, since the machine started."""
    ticks = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, sum(ticks)


@contextmanager
def servers(port: int):
    """The bare framework, the hospital, and the hospital that keeps public pages: their ports by name."""
    with (
        server(port, DJANGO_SETTINGS_MODULE="bench.floor_settings") as floor,
        server(port + 1, PUBLIC_CACHE_SECONDS="0") as hospital,
        server(port + 2, PUBLIC_CACHE_SECONDS=KEPT_FOR_S) as keeping,
    ):
        yield {"floor": floor, "hospital": hospital, "keeping": keeping}


def measure_all(ports: dict[str, int], clients: list, seconds: float) -> dict:
    """Floor and features in turn, several rounds, the median of each: what else the machine does hits all."""
    rounds = [
        measure_reads(ports, clients, seconds) | measure_writes(ports, clients, seconds)
        for _round in range(ROUNDS)
    ]
    return {name: _middle([one[name] for one in rounds]) for name in rounds[0]}


def measure_reads(ports: dict[str, int], clients: list, seconds: float) -> dict:
    from bench import jobs  # noqa: PLC0415
    from bench.load import read  # noqa: PLC0415

    # Times are asked of other doctors than are booked, so that their days are as free in the end as before.
    pages = jobs.reads(clients[CLIENTS : 2 * CLIENTS])
    asked = [("select floor", ports["floor"], jobs.floor_reads())]
    asked += [(name, ports["hospital"], paths) for name, paths in pages.items()]
    asked += [(f"{name}, kept", ports["keeping"], pages[name]) for name in pages if name != "sign-up"]
    return {name: read(name, port, paths, CLIENTS, seconds) for name, port, paths in asked}


def measure_writes(ports: dict[str, int], clients: list, seconds: float) -> dict:
    from bench import jobs  # noqa: PLC0415
    from bench.load import measure  # noqa: PLC0415

    named = {
        "insert floor": (jobs.insert_floor, ports["floor"]),
        "booking": (jobs.booking_now, ports["hospital"]),
        "booking in two steps": (jobs.booking, ports["hospital"]),
    }
    return {
        name: measure(name, [job(port, one) for one in clients[:CLIENTS]], seconds)
        for name, (job, port) in named.items()
    }


@contextmanager
def sealing():
    """The log sealed over and over, by a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "bench.sealing"], cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def compare_log(port: int, clients: list, seconds: float) -> dict:
    """What booking costs with the log, without it, and while it is sealed; several rounds in turn."""
    from bench import jobs  # noqa: PLC0415
    from bench.load import measure  # noqa: PLC0415

    ways = {
        "booking, logged": ({}, nullcontext),
        "booking, nothing logged": ({"BENCH_UNLOGGED": "yes"}, nullcontext),
        "booking, logged, while sealing": ({}, sealing),
    }
    rounds = []
    for _round in range(ROUNDS):
        figures = {}
        for name, (environment, beside) in ways.items():
            with server(port, **environment), beside():
                measure(name, [jobs.booking_now(port, client) for client in clients[:CLIENTS]], 0.5)
                booking = [jobs.booking_now(port, client) for client in clients[:CLIENTS]]
                figures[name] = measure(name, booking, seconds)
        rounds.append(figures)
    return {name: _middle([one[name] for one in rounds]) for name in ways}


def fill_for_api(history: int, clients: list):
    from bench import api, world  # noqa: PLC0415
    from hms.core.statistics import refresh_statistics  # noqa: PLC0415

    callers = api.fill(clients, lambda: world.add_history(history))
    refresh_statistics()
    settle()
    return callers


def measure_api(port: int, callers, clients: list, seconds: float) -> dict:
    """Floor, the API and the pages that do the same in turn; several rounds, the median of each."""
    from bench import api, jobs  # noqa: PLC0415
    from bench.load import measure, read  # noqa: PLC0415

    others = clients[CLIENTS : 2 * CLIENTS]  # whose days stay as free as before
    with (
        server(port, DJANGO_SETTINGS_MODULE="bench.floor_settings") as floor,
        server(port + 1, PUBLIC_CACHE_SECONDS="0") as hospital,
    ):
        asked = api.all_reads(hospital, callers, others)

        def once(seconds: float) -> dict:
            return {
                "select floor": read("floor", floor, jobs.floor_reads(), CLIENTS, seconds),
                "page of times": read("page", hospital, jobs.reads(others)["availability"], CLIENTS, seconds),
                **{name: read(name, hospital, paths, CLIENTS, seconds) for name, paths in asked.items()},
                **{
                    name: measure(name, [job(at, one) for one in clients[:CLIENTS]], seconds)
                    for name, (job, at) in {
                        "insert floor": (jobs.insert_floor, floor),
                        "page that books": (jobs.booking_now, hospital),
                    }.items()
                },
                **api.measure_bookings(hospital, callers, clients[:CLIENTS], seconds),
            }

        once(1)
        rounds = [once(seconds) for _round in range(API_ROUNDS)]
    return {name: _middle([one[name] for one in rounds]) for name in rounds[0]}


def _middle(figures: list) -> dict:
    keys = ("per_second", "p50_ms", "p95_ms", "jobs")
    return {key: round(median(asdict(one)[key] for one in figures), 2) for key in keys}


def main() -> None:
    history, seconds, port = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    what = sys.argv[4:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from bench import world  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    clients = world.build()
    if what == ["api"]:
        callers = fill_for_api(history, clients)
        sys.stdout.write(json.dumps(measure_api(port, callers, clients, seconds)))
        return
    world.add_history(history)
    if what == ["log"]:
        sys.stdout.write(json.dumps(compare_log(port, clients, seconds)))
        return
    with servers(port) as ports:
        measure_reads(ports, clients, 1), measure_writes(ports, clients, 0.5)
        settle()
        before = measure_all(ports, clients, seconds)
        world.add_history(9 * history)
        settle()
        after = measure_all(ports, clients, seconds)
    sys.stdout.write(json.dumps({"before": before, "after": after}))


if __name__ == "__main__":
    main()
