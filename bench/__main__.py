"""The table of `make bench`: SQLite, and a private MariaDB that flushes every commit."""

import argparse
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mariadb import private_mariadb

SELECT, INSERT = "select floor", "insert floor"
KEPT = ("availability, kept", "doctor page, kept", "home, kept", "doctor list, kept")
# What is measured as a share of which floor, and the least share that is asked.
PAIRS = {
    "availability": (SELECT, 0.45),
    "doctor page": (SELECT, 0.15),
    "home": (SELECT, 0.12),
    "doctor list": (SELECT, 0.08),
    "sign-up": (SELECT, None),
    **dict.fromkeys(KEPT, (SELECT, 0.5)),
    "booking": (INSERT, 0.2),
}
# The same of the API; what its answers may take is asked of each.
API_PAIRS = {
    "page of times": (SELECT, None),
    "slots of a day": (SELECT, 0.4),
    "page that books": (INSERT, None),
    "POST bookings/": (INSERT, 0.2),
    "POST bookings/, with a key": (INSERT, None),
}
LONGEST_P95_MS = 300
GROWING = ("availability", "booking")
MOST_GROWTH = 1.15


def run(database_url: str, options) -> dict:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DEBUG": "false",
        "HTTPS": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "LOG_LEVEL": "ERROR",
    }
    arguments = [
        str(options.history),
        str(options.seconds),
        str(free_port()),
        *(["log"] if options.log else ["api"] if options.api else []),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", *arguments], env=environment, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def time_reports(database_url: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DEBUG": "false",
        "HTTPS": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOG_LEVEL": "ERROR",
    }
    sizes = ["10000", "100000", "1000000"]
    subprocess.run([sys.executable, "-m", "bench.report_times", *sizes], env=environment, check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def table(name: str, result: dict) -> list[str]:
    lines = [f"{name:<38}{'per second':>12}{'p50 ms':>10}{'p95 ms':>10}{'of floor':>10}"]
    for when, figures in result.items():
        for what, row in figures.items():
            share = ""
            if what in PAIRS:
                share = f"{row['per_second'] / figures[PAIRS[what][0]]['per_second']:.2f}"
            lines.append(
                f"  {what + ' (' + when + ')':<36}{row['per_second']:>12.1f}{row['p50_ms']:>10.2f}"
                f"{row['p95_ms']:>10.2f}{share:>10}"
            )
    return lines + verdicts(result)


def log_table(name: str, result: dict) -> list[str]:
    """What booking costs with the log and without."""
    without = result["booking, nothing logged"]["per_second"]
    lines = [f"{name:<38}{'per second':>12}{'p50 ms':>10}{'p95 ms':>10}{'of unlogged':>12}"]
    return lines + [
        f"  {what:<36}{row['per_second']:>12.1f}{row['p50_ms']:>10.2f}{row['p95_ms']:>10.2f}"
        f"{row['per_second'] / without:>12.2f}"
        for what, row in result.items()
    ]


def api_table(name: str, result: dict) -> list[str]:
    lines = [f"{name:<58}{'per second':>12}{'p50 ms':>10}{'p95 ms':>10}{'of floor':>10}"]
    for what, row in result.items():
        floor, least = API_PAIRS.get(what, (None, None))
        share = f"{row['per_second'] / result[floor]['per_second']:.2f}" if floor else ""
        asked = f" (asked: {least})" if least else ""
        lines.append(
            f"  {what:<56}{row['per_second']:>12.1f}{row['p50_ms']:>10.2f}{row['p95_ms']:>10.2f}"
            f"{share:>10}{asked}"
        )
    slow = [what for what, row in result.items() if row["p95_ms"] >= LONGEST_P95_MS]
    return [*lines, f"  p95 of {LONGEST_P95_MS} ms or more: {', '.join(slow) or 'none'}"]


def verdicts(result: dict) -> list[str]:
    lines = []
    for what, (floor, least) in PAIRS.items():
        shares = [result[when][what]["per_second"] / result[when][floor]["per_second"] for when in result]
        growth = result["after"][what]["p50_ms"] / result["before"][what]["p50_ms"]
        line = f"  {what}: {shares[0]:.2f} of the floor, {shares[1]:.2f} with ten times the history"
        line += f" (asked: {least})" if least else ""
        if what in GROWING:
            line += f"; p50 grows by {growth:.2f} (asked: at most {MOST_GROWTH})"
        lines.append(line)
    return lines


def compare_reports(only: str | None) -> None:
    if only != "mariadb":
        with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parent) as folder:
            sys.stdout.write("SQLite\n")
            sys.stdout.flush()
            time_reports(f"sqlite:///{folder}/bench.sqlite3")
    if only != "sqlite":
        with private_mariadb(durable=True) as url:
            sys.stdout.write("MariaDB, a buffer of 256 MB\n")
            sys.stdout.flush()
            time_reports(url)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="how long each figure is taken, five times")
    parser.add_argument(
        "--history",
        type=int,
        help="past visits at first (5,000), then ten times as many; with --api from the beginning (100,000)",
    )
    parser.add_argument("--only", choices=["sqlite", "mariadb"])
    parser.add_argument("--log", action="store_true", help="instead: booking with the log and without")
    parser.add_argument("--api", action="store_true", help="instead: every operation of the API that reads")
    parser.add_argument("--reports", action="store_true", help="instead: every report and the long lists")
    options = parser.parse_args()
    if options.reports:
        compare_reports(options.only)
        return
    options.history = options.history or (100_000 if options.api else 5_000)
    lines = log_table if options.log else api_table if options.api else table
    if options.only != "mariadb":
        with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parent) as folder:
            result = run(f"sqlite:///{folder}/bench.sqlite3", options)
        sys.stdout.write("\n".join(lines("SQLite, synchronous=FULL", result)) + "\n\n")
    if options.only != "sqlite":
        with private_mariadb(durable=True) as url:
            result = run(url, options)
        sys.stdout.write("\n".join(lines("MariaDB, flushed at every commit", result)) + "\n")


if __name__ == "__main__":
    main()
