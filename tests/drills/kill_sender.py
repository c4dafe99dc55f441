"""Kill the workers that remind people, at random; then see that nobody was forgotten or told twice.

    python -m tests.drills.kill_sender --visits 300 --workers 2 --kills 12
    python -m tests.drills.kill_sender --visits 10000 --kills 0        # how long 10,000 reminders take
    python tests/mariadb.py -- python -m tests.drills.kill_sender ...

A worker that is killed between the server's acceptance and its own note of it sends that one message again,
with the same Message-ID: mail cannot do better. So at most one message per kill and channel may come twice.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

WAIT_S = 600


def worker(port: int) -> subprocess.Popen:
    env = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "QUIET_FROM": "0", "QUIET_UNTIL": "0"}
    return subprocess.Popen([sys.executable, "manage.py", "run_jobs"], env=env, stdout=subprocess.DEVNULL)


def work(rows, port: int, options: argparse.Namespace) -> float:
    """Seconds until everybody is told."""
    chance = random.Random(options.seed)
    running = [worker(port) for _n in range(options.workers)]
    began = time.monotonic()
    try:
        for _kill in range(options.kills):
            time.sleep(chance.uniform(2, 5))
            number = chance.randrange(options.workers)
            stop(running[number])
            running[number] = worker(port)
        while time.monotonic() - began < WAIT_S and not rows.is_done(options.visits):
            time.sleep(0.5)
            if options.kills and not rows.is_due():
                time.sleep(2)  # longer than sending one message takes here: the rest was claimed by the dead
                rows.let_claims_run_out()
    finally:
        for process in running:
            stop(process)
    return time.monotonic() - began


def stop(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    rows = import_module("tests.drills.sender_rows")  # models, which need the settings
    rows.fill(options.visits)
    with rows.sink() as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        seconds = work(rows, sink.server_address[1], options)
        sink.shutdown()
    return report(sink.kept, options, seconds)


def report(kept: list[tuple[str, str]], options: argparse.Namespace, seconds: float) -> int:
    ids = Counter(re.search(r"^Message-ID: (\S+)", message, re.MULTILINE)[1] for _to, message in kept)
    told = Counter(to for to, _message in kept)
    twice = sum(count - 1 for count in ids.values())
    forgotten, reworded = options.visits - len(told), len(ids) - len(told)
    print(
        f"{options.visits} visits, {options.workers} workers, {options.kills} kills, {seconds:.0f} s: "
        f"{forgotten} forgotten, {reworded} told in two messages, {twice} sent again with the same Message-ID"
    )
    return 0 if forgotten == reworded == 0 and twice <= options.kills else 1


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="hms-drill-"))
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'db.sqlite3'}")
    os.environ.setdefault("SECRET_KEY", "of-the-drill-alone-" + "0123456789" * 4)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hms.settings"
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
