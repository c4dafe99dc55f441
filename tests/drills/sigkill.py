"""Kill what serves the hospital while clients book, pay, cancel and refund; then see that nothing is wrong.

    python -m tests.drills.sigkill --rounds 30

In each round a worker, all of gunicorn, `run_jobs`, MariaDB or all of them are killed and started again. A
client repeats each request, with its key, until it is answered. All that was answered must be there, once.
"""

import argparse
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import django

from bench.__main__ import free_port
from tests import mariadb

CLIENTS, WORKERS = 8, 2
SETTLE_SECONDS = 840  # a letter whose sender was killed is tried again after ten minutes


class Process:
    """A program that is killed with all its children and started again."""

    def __init__(self, command: list[str], log: Path, **environment: str):
        self.command, self.log, self.environment = command, log, os.environ | environment
        self.start()

    def start(self) -> None:
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                self.command, stdout=out, stderr=out, env=self.environment, start_new_session=True
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def children(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]


class Database(Process):
    """A MariaDB server that keeps what it committed."""

    def __init__(self, folder: Path):
        self.socket = folder / "s"
        common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--tmpdir={folder}", mariadb.SMALL_LOG]
        common += ["--user=root"] if os.geteuid() == 0 else []
        install = [mariadb.program("mariadb-install-db"), *common, *mariadb.INSTALL]
        subprocess.run(install, check=True, capture_output=True)
        serve = [mariadb.program("mariadbd"), *common, *mariadb.SERVER, *mariadb.DURABLE]
        super().__init__([*serve, f"--socket={self.socket}", f"--pid-file={folder / 'pid'}"], folder / "log")
        self.url = f"mysql://hms:hms@localhost/hms?unix_socket={quote(str(self.socket), safe='')}"

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        super().start()
        mariadb.wait_until_ready(self.process, self.socket, self.log)


def strike(chance: random.Random, web: Process, worker: Process, database: Database) -> str:
    """Kill one of them, wait a little, start it again."""
    victim = chance.choice(["a worker of gunicorn", "gunicorn", "run_jobs", "the database", "all of them"])
    if victim == "a worker of gunicorn":
        for pid in web.children()[:1]:
            os.kill(pid, signal.SIGKILL)  # gunicorn itself starts another one
        return victim
    named = {"gunicorn": [web], "run_jobs": [worker], "the database": [database]}
    struck = named.get(victim, [web, worker, database])
    for each in struck:
        each.kill()
    time.sleep(chance.uniform(0, 1.5))
    for each in reversed(struck):
        each.start()
    return victim


def surroundings(database: Database) -> dict[str, str]:
    return {
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BOOKING_HOLD_MINUTES": "1",
        "DEBUG": "false",
        "HTTPS": "false",
        "LOG_LEVEL": "WARNING",
        "ONLINE_GATEWAY": "simulated",
        "EMAIL_URL": "dummymail://",
        "SECRET_KEY": secrets.token_urlsafe(50),
    }


def drill(folder: Path, rounds: int, seed: int) -> int:
    database = Database(folder)
    mariadb.run_sql(database.socket, mariadb.ACCOUNT)
    os.environ |= surroundings(database)
    django.setup()
    from tests.drills import sigkill_clients as clients  # noqa: PLC0415 - it needs the settings

    people, port = clients.build(), free_port()
    gunicorn = [
        *(sys.executable, "-m", "gunicorn", "hms.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--threads", "4", "--no-control-socket", "--log-level", "warning"),
    ]
    web = Process(gunicorn, folder / "web.log")
    worker = Process([sys.executable, "manage.py", "run_jobs"], folder / "jobs.log")
    lives = [clients.Life(port, person, seed + n) for n, person in enumerate(people[:CLIENTS])]
    try:
        print("killed:", strike_while(lives, rounds, random.Random(seed), web, worker, database))
        clients.wait_until_quiet(SETTLE_SECONDS)
        return clients.verify(lives)
    finally:
        for each in (web, worker, database):
            each.kill()


def strike_while(
    lives: list, rounds: int, chance: random.Random, web: Process, worker: Process, database: Database
) -> Counter:
    """Strike at random while the clients live; they end what they have begun. What was struck, how often."""
    struck, ends = Counter(), threading.Event()
    threads = [threading.Thread(target=life.live, args=[ends]) for life in lives]
    for thread in threads:
        thread.start()
    try:
        for _round in range(rounds):
            time.sleep(chance.uniform(2, 6))
            struck[strike(chance, web, worker, database)] += 1
    finally:
        ends.set()
        for thread in threads:
            thread.join()
    return struck


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hms-drill-"))
    try:
        return drill(folder, options.rounds, options.seed)
    finally:
        if options.keep:
            print(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
