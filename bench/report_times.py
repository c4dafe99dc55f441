"""How long every report and the long lists of staff take: a demo hospital, copied until it is large.

    python -m bench.report_times 10000 100000 1000000

Takes the empty database of DATABASE_URL. Beside the time that passed it says how much processor time the
process and, on MariaDB with `userstat`, the server took: other work on the machine does not change that.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import django

DOCTORS, PATIENTS, VISITS = 300, 2_500, 10_000
ROUNDS = 3
MOST_PERIODS = 400
ADMIN = "admin@demo.example"
AUDITOR = "auditor@demo.example"
Figures = tuple[float, float]


def measured(run: Callable[[], object]) -> Figures:
    """The least time that passed, and the least processor time, in milliseconds."""
    passed, worked = [], []
    for _round in range(ROUNDS):
        begin, busy = time.perf_counter(), processor_seconds()
        run()
        passed.append(time.perf_counter() - begin)
        worked.append(processor_seconds() - busy)
    return min(passed) * 1000, min(worked) * 1000


def processor_seconds() -> float:
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    if connection.vendor == "sqlite":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Cpu_time'")
        return float(cursor.fetchone()[1]) + time.process_time()


def reports() -> Iterator[tuple[str, Figures]]:
    """Each question about the last 30 days, the last year and all there is, or as much as may be asked."""
    from accounts.models import User  # noqa: PLC0415
    from hms.reports.periods import Step  # noqa: PLC0415
    from hms.reports.question import QUESTIONS  # noqa: PLC0415
    from hms.reports.scope import Scope  # noqa: PLC0415

    asker = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser(
        "bench@example.org"
    )
    for slug, question in QUESTIONS.items():
        for days in sorted({min(days, question.most_days, all_days()) for days in (30, 365, all_days())}):
            last = date.today()  # noqa: DTZ011 - the bench runs where the hospital is
            scope = Scope(first=last - timedelta(days=days - 1), last=last, by=asker)
            scope = replace(scope, step=Step.MONTH) if days > MOST_PERIODS else scope
            yield f"{slug}, {days} days", measured(lambda ask=question.rows, about=scope: ask(about))


def all_days() -> int:
    from django.db.models import Min  # noqa: PLC0415

    from scheduling.models import Appointment  # noqa: PLC0415

    return (date.today() - Appointment.objects.aggregate(first=Min("starts_at"))["first"].date()).days + 1  # noqa: DTZ011


def lists() -> Iterator[tuple[str, Figures]]:
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from accounts.models import User  # noqa: PLC0415

    for who, name, address in addresses():
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(email=who), backend=settings.AUTHENTICATION_BACKENDS[0])
        yield name, measured(lambda client=client, address=address: client.get(address))


def addresses() -> Iterator[tuple[str, str, str]]:
    from django.urls import reverse  # noqa: PLC0415

    from accounts.models import Patient  # noqa: PLC0415

    patient = Patient.objects.order_by("-pk")[100]
    visits = reverse("admin:scheduling_appointment_changelist")
    asked = {"of today": "", "any day": "when=any&branch=all", "page 200": "when=any&branch=all&p=200"}
    asked |= {"completed": f"{asked['any day']}&status__exact=completed", "by name": f"q={patient.full_name}"}
    for name, query in asked.items():
        yield ADMIN, f"appointments, {name}", f"{visits}?{query}"
    named = ("accounts_patient", "billing_invoice", "billing_payment")
    for model in named:
        page = reverse(f"admin:{model}_changelist")
        yield ADMIN, model, page
        yield ADMIN, f"{model}, by name", f"{page}?q={patient.full_name}"
    for name in ("day-board", "reports", "scheduling_appointment_desk"):
        yield ADMIN, name, reverse(f"admin:{name}")
    yield ADMIN, "doctor list", reverse("scheduling:list-doctors")
    yield AUDITOR, "log", reverse("admin:audit_auditevent_changelist")


def grow(visits: int, number: int) -> int:
    """Copy what is there until there are so many visits, then keep the sums of months as the job does.

    Takes the number of the first copy, and returns that of the next one.
    """
    from bench.multiplied import Multiplication  # noqa: PLC0415
    from hms.core.statistics import refresh_statistics  # noqa: PLC0415
    from hms.reports.keeping import keep_months  # noqa: PLC0415
    from scheduling.models import Appointment  # noqa: PLC0415

    grown = Multiplication()
    following = number + visits // Appointment.objects.count() - 1
    for one in range(number, following):
        grown.copy(one)
    refresh_statistics()
    keep_months()
    return following


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    size = {"doctors": DOCTORS, "patients": PATIENTS, "appointments": VISITS}
    call_command("seed_demo", **size, force=True, verbosity=0)
    number = 1
    for visits in map(int, sys.argv[1:]):
        number = grow(visits, number)
        sys.stdout.write(f"{visits:,} visits{'ms':>50}{'processor ms':>16}\n")
        for name, (passed, worked) in (*reports(), *lists()):
            sys.stdout.write(f"  {name:<50}{passed:>10.0f}{worked:>16.0f}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
