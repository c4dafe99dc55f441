"""How long every report and every long list takes in the hospital of DATABASE_URL."""

import time
from dataclasses import replace
from datetime import timedelta

median = min

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Patient, User
from hms.reports.periods import Step
from hms.reports.question import QUESTIONS, Question
from hms.reports.scope import Scope
from scheduling.models import Appointment

ROUNDS = 2
MOST_PERIODS = 400


def spans(question: Question, first_visit) -> dict[str, int]:
    """Days before today, by the name of their column."""
    longest = (timezone.localdate() - first_visit).days + 1
    wanted = {"30 days": 30, "a year": 365, "all": longest}
    return {name: min(days, question.most_days, longest) for name, days in wanted.items()}


def seconds_of(run) -> float:
    taken = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begin)
    return median(taken)


def questions(user, only=()) -> dict[str, dict[str, float]]:
    first = timezone.localdate(Appointment.objects.aggregate(first=Min("starts_at"))["first"])
    found = {}
    for slug, question in QUESTIONS.items():
        if only and slug not in only:
            continue
        found[slug] = {}
        for name, days in spans(question, first).items():
            today = timezone.localdate()
            scope = Scope(first=today - timedelta(days=days - 1), last=today, by=user)
            if days > MOST_PERIODS:
                scope = replace(scope, step=Step.MONTH)
            with CaptureQueriesContext(connection) as q:
                found[slug][name] = seconds_of(lambda: question.rows(scope))
            print(slug, name, days, f"{found[slug][name] * 1000:.0f} ms", flush=True)
            if found[slug][name] > 0.3:
                for one in sorted(q.captured_queries[: len(q) // ROUNDS], key=lambda o: -float(o["time"]))[
                    :3
                ]:
                    if float(one["time"]) > 0.1:
                        print("    ", one["time"], one["sql"][:SQL], flush=True)
    return found


SQL = 1500


def pages():
    admin = User.objects.get(email="admin@demo.example")
    auditor = User.objects.get(email="auditor@demo.example")
    patient = Patient.objects.order_by("-pk")[100]
    visit = Appointment.objects.order_by("pk")[500]
    adr = lambda name, q="": reverse(name) + q
    mid = timezone.localdate() - timedelta(days=300)
    P = {
        "appointments today": adr("admin:scheduling_appointment_changelist"),
        "appointments any": adr("admin:scheduling_appointment_changelist", "?when=any&branch=all"),
        "appointments any, one branch": adr("admin:scheduling_appointment_changelist", "?when=any"),
        "appointments any, page 200": adr(
            "admin:scheduling_appointment_changelist", "?when=any&branch=all&p=200"
        ),
        "appointments any, completed": adr(
            "admin:scheduling_appointment_changelist", "?when=any&branch=all&status__exact=completed"
        ),
        "appointments any, no_show": adr(
            "admin:scheduling_appointment_changelist", "?when=any&branch=all&status__exact=no_show"
        ),
        "appointments any, doctor": adr(
            "admin:scheduling_appointment_changelist",
            f"?when=any&branch=all&doctor__id__exact={visit.doctor_id}",
        ),
        "appointments any, department": adr(
            "admin:scheduling_appointment_changelist",
            f"?when=any&branch=all&doctor__department__id__exact={visit.doctor.department_id}",
        ),
        "appointments counted": adr(
            "admin:scheduling_appointment_changelist",
            f"?when=any&branch=all&counted=came.{mid}.{timezone.localdate()}",
        ),
        "appointments by name": adr(
            "admin:scheduling_appointment_changelist", f"?q={patient.full_name.split()[0]}"
        ),
        "appointments by full name": adr(
            "admin:scheduling_appointment_changelist", f"?q={patient.full_name}"
        ),
        "appointments by mrn": adr("admin:scheduling_appointment_changelist", f"?q={patient.mrn}"),
        "appointments by reference": adr("admin:scheduling_appointment_changelist", f"?q={visit.reference}"),
        "patients": adr("admin:accounts_patient_changelist"),
        "patients by name": adr("admin:accounts_patient_changelist", f"?q={patient.full_name.split()[0]}"),
        "patients by mrn": adr("admin:accounts_patient_changelist", f"?q={patient.mrn}"),
        "invoices": adr("admin:billing_invoice_changelist"),
        "invoices page 100": adr("admin:billing_invoice_changelist", "?p=100"),
        "invoices by name": adr("admin:billing_invoice_changelist", f"?q={patient.full_name.split()[0]}"),
        "payments": adr("admin:billing_payment_changelist"),
        "payments by name": adr("admin:billing_payment_changelist", f"?q={patient.full_name.split()[0]}"),
        "refunds": adr("admin:billing_refund_changelist"),
        "receipts": adr("admin:billing_receipt_changelist"),
        "encounters": adr("admin:clinical_encounter_changelist"),
        "lab orders": adr("admin:clinical_laborder_changelist"),
        "lab results": adr("admin:clinical_labresult_changelist"),
        "day board": adr("admin:day-board"),
        "index": adr("admin:index"),
        "desk": adr("admin:scheduling_appointment_desk"),
        "reports": adr("admin:reports"),
        "reports money": adr("admin:reports", "?show=money"),
        "reports front-desk": adr("admin:reports", "?show=front-desk"),
        "reports laboratory": adr("admin:reports", "?show=laboratory"),
        "doctor list": "/doctors/",
        "doctor list words": "/doctors/?q=heart",
        "home": "/",
        "log": adr("admin:audit_auditevent_changelist"),
        "log page 100": adr("admin:audit_auditevent_changelist", "?p=100"),
    }
    return admin, auditor, P


def show_pages(only=()):
    admin, auditor, P = pages()
    for name, address in P.items():
        if only and not any(o in name for o in only):
            continue
        client = Client(SERVER_NAME="localhost")
        client.force_login(
            auditor if name.startswith("log") else admin, backend=settings.AUTHENTICATION_BACKENDS[0]
        )
        got = []
        with CaptureQueriesContext(connection) as q:
            s = seconds_of(lambda: got.append(client.get(address)))
        print(f"{name}: {got[-1].status_code} {s * 1000:.0f} ms, {len(q) // ROUNDS} queries", flush=True)
        if s > 0.2:
            n = len(q) // ROUNDS
            for one in sorted(q.captured_queries[-n:], key=lambda o: -float(o["time"]))[:3]:
                if float(one["time"]) > 0.03:
                    print("    ", one["time"], one["sql"][:SQL], flush=True)
