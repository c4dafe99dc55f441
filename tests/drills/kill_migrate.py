"""Kill `migrate` at random moments until it succeeds, and compare its tables with those of a clean run.

python tests/mariadb.py -- python -m tests.drills.kill_migrate --rounds 3
"""

import argparse
import os
import random
import re
import subprocess
import sys
import time

import django
from django.db import connection

MIGRATE = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]


def fresh() -> None:
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()


def contents() -> dict[str, object]:
    """How each table is made, and how many rows it has."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SHOW CREATE TABLE `{table}`")
            lines = re.sub(r" AUTO_INCREMENT=\d+", "", cursor.fetchone()[1]).rstrip(",").splitlines()
            cursor.execute(f"SELECT COUNT(*) FROM `{table}`")  # noqa: S608
            found[table] = (lines, cursor.fetchone()[0])
        cursor.execute("SHOW TRIGGERS")
        found["triggers"] = sorted(row[:3] for row in cursor.fetchall())
    connection.close()
    return found


def migrate_until_done(longest: float, chance: random.Random) -> tuple[int, list[str]]:
    """Kill it after a random time, up to so many seconds; each time it gets a little longer."""
    killed, errors = 0, []
    while True:
        process = subprocess.Popen(MIGRATE, stderr=subprocess.PIPE, text=True)
        try:
            process.wait(chance.uniform(0.5, longest * (1 + killed / 10)))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
            continue
        if process.returncode == 0:
            return killed, errors
        errors.append(process.stderr.read().strip().splitlines()[-1])
        if len(errors) > 3:
            return killed, errors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--longest", type=float, help="seconds before a kill; default: a third of a whole run"
    )
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms.settings")
    django.setup()
    began = time.monotonic()
    subprocess.run(MIGRATE, check=True)
    seconds = time.monotonic() - began
    print(f"left alone: {seconds:.0f} s")
    expected, chance, is_right = contents(), random.Random(options.seed), True
    for number in range(1, options.rounds + 1):
        fresh()
        killed, errors = migrate_until_done(options.longest or seconds / 3, chance)
        found = contents()
        wrong = [name for name in {*expected, *found} if expected.get(name) != found.get(name)]
        for name in wrong:
            print(name, expected.get(name), found.get(name), sep="\n  ")
        print(f"round {number}: killed {killed} times, errors: {errors}, differences: {wrong}")
        is_right = is_right and not (errors or wrong)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
