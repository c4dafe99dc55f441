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
    parser.add_argument("--add", action="store_true", help="what is killed")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms.settings")
    django.setup()
    if options.add:
        add(options.visits)
        return
    run("migrate", "-v0")
    run("seed_demo", "--doctors", "12", "--patients", "12", "--appointments", "40")
    command = [sys.executable, "-m", __spec__.name, "--visits", str(options.visits), "--add"]
    chance, killed = random.Random(), 0
    while killed < options.kills:
        share = options.visits // (options.kills + 1)
        if not kill(command, after=written() + chance.randint(0, share), wait=chance.random()):
            raise SystemExit(f"It was through after {killed} kills.")
        killed += 1
        print(f"killed with {written()} visits", flush=True)
    subprocess.run(command, check=True)
    report(options.visits, killed)


def run(*words: str) -> None:
    subprocess.run([*MANAGE, *words], check=True, stdout=subprocess.DEVNULL)


def add(visits: int) -> None:
    """Add the visits in portions small enough for a kill to come between and into them."""
    from django.core.management import call_command  # noqa: PLC0415

    from hms.demo.years import stage  # noqa: PLC0415 - after django.setup()

    stage.PORTION = 50
    call_command("seed_demo", visits=visits)


def kill(command: list[str], *, after: int, wait: float) -> bool:
    """Kill the command some moments after so many visits are there; False if it was through before."""
    process = subprocess.Popen(command)
    while process.poll() is None and written() < after:
        time.sleep(0.02)
    time.sleep(wait / 4)
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
