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
from datetime import timedelta
from pathlib import Path

import django

WAIT_S = 600


def fill(visits: int) -> None:
    """Booked visits of which people are to be reminded now, a day before."""
    from django.utils import timezone

    from accounts.models import Patient
    from scheduling.models import Appointment
    from tests.factories import BranchFactory, DoctorFactory, PatientFactory

    doctor, branch, now = DoctorFactory(), BranchFactory(), timezone.now()
    people = [
        PatientFactory.build(email=f"p{n}@example.org", mrn=f"D{n:08}", phone="", preferred_language=None)
        for n in range(visits)
    ]
    Patient.objects.bulk_create(people, batch_size=500)
    starts_at = now + timedelta(hours=23)
    rows = [
        Appointment(
            patient=patient, doctor=doctor, branch=branch, starts_at=starts_at, source="desk",
            ends_at=starts_at + timedelta(minutes=10), status="booked", booked_at=now - timedelta(days=3),
        )
        for patient in people
    ]  # fmt: skip
    Appointment.objects.bulk_create(rows, batch_size=500)


def worker(port: int) -> subprocess.Popen:
    env = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "QUIET_FROM": "0", "QUIET_UNTIL": "0"}
    return subprocess.Popen([sys.executable, "manage.py", "run_jobs"], env=env, stdout=subprocess.DEVNULL)


def left() -> int:
    from hms.notifications.models import Notification, VisitEvent

    waiting = Notification.objects.filter(status="waiting").count()
    return waiting + VisitEvent.objects.filter(done_at=None).count()


def let_claims_run_out() -> None:
    """As if ten minutes had passed since a worker was killed."""
    from django.utils import timezone

    from hms.notifications.models import Notification

    Notification.objects.filter(status="waiting").update(due_at=timezone.now())


def work(port: int, visits: int, workers: int, kills: int, chance: random.Random) -> float:
    """Seconds until everybody is told."""
    from hms.notifications.models import Notification

    running = [worker(port) for _n in range(workers)]
    began = time.monotonic()
    try:
        for _kill in range(kills):
            time.sleep(chance.uniform(2, 5))
            number = chance.randrange(workers)
            running[number].kill()
            running[number].wait()
            running[number] = worker(port)
        while time.monotonic() - began < WAIT_S and (Notification.objects.count() < visits or left()):
            time.sleep(0.5)
            if kills:
                let_claims_run_out_once_idle()
    finally:
        for process in running:
            process.kill()
            process.wait()
    return time.monotonic() - began


def let_claims_run_out_once_idle() -> None:
    """What is left is claimed by the dead when nothing else is due."""
    from django.utils import timezone

    from hms.notifications.models import Notification

    due = Notification.objects.filter(status="waiting", due_at__lte=timezone.now())
    if not due.exists():
        time.sleep(2)  # longer than sending one message takes here
        let_claims_run_out()


def main() -> int:
    from django.core.management import call_command

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    fill(options.visits)
    from tests.notifications.mail_server import ACCEPTS, MailServer

    with MailServer(lambda _to: ACCEPTS) as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        port = sink.server_address[1]
        seconds = work(port, options.visits, options.workers, options.kills, random.Random(options.seed))
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
