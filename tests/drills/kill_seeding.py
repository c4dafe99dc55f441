"""Kill `seed_demo` while it adds older years, again and again; then see that the hospital is whole.

    DATABASE_URL=… python -m tests.drills.kill_seeding --visits 2000 --kills 3

The database is empty before. How the hospital looks must not depend on where the program was killed.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import django

MANAGE = [sys.executable, str(Path(__file__).parents[2] / "manage.py")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms.settings")
    django.setup()
    run("migrate", "-v0")
    run("seed_demo", "--doctors", "12", "--patients", "12", "--appointments", "40")
    command = [*MANAGE, "seed_demo", "--visits", str(options.visits)]
    chance, killed = random.Random(), 0
    while killed < options.kills:
        killed += kill(command, after=written() + chance.randint(1, options.visits // (options.kills + 1)))
    subprocess.run(command, check=True)
    report(options.visits, killed)


def run(*words: str) -> None:
    subprocess.run([*MANAGE, *words], check=True, stdout=subprocess.DEVNULL)


def kill(command: list[str], *, after: int) -> bool:
    """Kill the command once so many visits are there, while it writes; False if it was through before."""
    process = subprocess.Popen(command)
    while process.poll() is None and written() < after:
        time.sleep(0.02)
    process.kill()
    return process.wait() < 0


def written() -> int:
    from hms.demo.years.stage import years  # noqa: PLC0415 - after django.setup()

    return years().count()


def report(visits: int, killed: int) -> None:
    from tests.demo.checks import are_as_planned, faults, verify_log  # noqa: PLC0415

    verify_log()
    found = faults() + ([] if are_as_planned(visits) else ["not the visits that were planned"])
    print(f"killed {killed} times, {written()} visits", *found, sep="\n")
    print(f"{len(found)} faults")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
