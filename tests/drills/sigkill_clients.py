"""The clients of the drill, and what must hold after it. Import it when Django is set up."""

import http.client
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter, defaultdict
from datetime import UTC
from decimal import Decimal
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import Error, connections
from django.db.models import Count, F, Sum

from bench import world
from bench.jobs import CSRF, PRICE
from billing.models import Invoice, Payment, Receipt, Refund, SimulatedDelivery
from billing.services import refund_payment
from billing.statuses import RefundStatus
from hms.core.rights import SYSTEM
from hms.notifications.models import Notification
from scheduling.models import Appointment, SlotClaim
from scheduling.statuses import HOLDING, AppointmentStatus
from tests.opened import FormReader

DOCTORS = 2  # that all clients want
PATIENCE_S, PAUSE_S = 20, 0.2
AGAIN = (Error, OSError, http.client.HTTPException)


def build() -> list[world.Client]:
    call_command("migrate", run_syncdb=True, verbosity=0)
    return world.build()


class Life:
    """One client: books, pays, cancels and refunds, and keeps what was answered."""

    def __init__(self, port: int, client: world.Client, seed: int):
        self.port, self.client, self.chance = port, client, random.Random(seed)
        self.said: dict[str, list[str]] = defaultdict(list)
        self.repeated, self.odd = 0, Counter()
        self.times = {n: self._times_of(n) for n in range(DOCTORS)}

    def _times_of(self, number: int) -> tuple[str, list[str]]:
        doctor = world.Doctor.objects.order_by("pk")[number]
        times = world.free_times(world.Client("", "", doctor.reference, doctor.pk))
        return doctor.reference, [at.astimezone(UTC).strftime("%Y%m%dT%H%MZ") for at in times]

    def live(self, ends: threading.Event) -> None:
        while not ends.is_set():
            self.visit()
        connections.close_all()

    def visit(self) -> None:
        doctor, times = self.times[self.chance.randrange(DOCTORS)]
        at = self.chance.choice(times)
        wanted = {"at": at, "patient": self.client.patient, "symptoms": "Cough"}
        to = self.post(f"/book/{doctor}/?{urlencode({'at': at})}", wanted | {"key": uuid.uuid4().hex})
        if not to.endswith("/check/"):
            return
        reference = to.split("/")[2]
        self.said["held"].append(reference)
        paid = self.pay(to) if self.chance.random() < 0.7 else self.book(to, reference)
        if self.chance.random() < 0.4:
            self.cancel(reference)
        elif paid and self.chance.random() < 0.5:
            self.refund(paid)

    def book(self, page: str, reference: str) -> None:
        if self.post(page, {"key": uuid.uuid4().hex, "pay": "desk", "total": PRICE}).endswith("/done/"):
            self.said["booked"].append(reference)

    def pay(self, page: str) -> str | None:
        bank = self.post(page, {"key": uuid.uuid4().hex, "pay": "card", "total": PRICE})
        if not bank.startswith("/pay/simulated/"):
            return None
        outcome = self.chance.choice(["paid"] * 5 + ["declined", "late"])
        payment = bank.split("/")[3]
        if self.post(bank, {"outcome": outcome}).startswith("/pay/"):
            self.said[outcome].append(payment)
        return payment if outcome == "paid" else None

    def cancel(self, reference: str) -> None:
        page = f"/me/appointments/{reference}/cancel/"
        for _attempt in range(5):
            status, to, text = self.ask("GET", page)
            if status == http.HTTPStatus.OK:
                form = FormReader(text).longest(FormReader(text).hidden)
                status, to, _text = self.ask("POST", page, form | {"reason": "Drill"})
            if to == f"/me/appointments/{reference}/":
                self.said["cancelled"].append(reference)
                return
        self.odd[f"cancel: {status}"] += 1

    def refund(self, reference: str) -> None:
        key = uuid.uuid4().hex
        while True:
            try:
                payment = Payment.objects.get(reference=reference)
                refund_payment(
                    payment=payment, amount=Decimal(100), reason="Drill", by=SYSTEM, idempotency_key=key
                )
                self.said["refunded"].append(f"{reference}/{key}")
                return
            except ValidationError as refusal:
                self.odd[f"refund: {refusal.code}"] += 1
                return
            except AGAIN:
                self.repeated += 1
                connections.close_all()
                time.sleep(PAUSE_S)

    def post(self, path: str, form: dict) -> str:
        status, to, _text = self.ask("POST", path, form)
        if not to:
            self.odd[f"{path.split('/')[1]}: {status}"] += 1
        return to

    def ask(self, method: str, path: str, form: dict | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and page; repeated until the hospital answers."""
        while True:
            try:
                status, to, text = self._ask_once(method, path, form)
                if status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                    return status, to, text
                self.odd[f"{status}"] += status != http.HTTPStatus.SERVICE_UNAVAILABLE
            except AGAIN:
                pass
            self.repeated += 1
            time.sleep(PAUSE_S)

    def _ask_once(self, method: str, path: str, form: dict | None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            body = urlencode({"csrfmiddlewaretoken": CSRF} | form, doseq=True) if form else None
            head = {"Cookie": f"hms-session={self.client.session}; csrftoken={CSRF}"}
            head |= {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
            connection.request(method, path, body, head)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()
        finally:
            connection.close()


def waiting() -> dict[str, int]:
    """What should come to an end by itself."""
    return {
        "holds": Appointment.objects.filter(status=AppointmentStatus.HELD).count(),
        "payment messages": SimulatedDelivery.objects.filter(delivered_at=None).count(),
        "refunds": Refund.objects.filter(status=RefundStatus.PENDING).count(),
        "mail": Notification.objects.filter(status="waiting").count(),
    }


def wait_until_quiet(seconds: float) -> None:
    connections.close_all()
    until = time.monotonic() + seconds
    while any(waiting().values()) and time.monotonic() < until:
        time.sleep(2)
    print("left waiting:", waiting())


def verify(lives: list[Life]) -> int:
    said: dict[str, list[str]] = defaultdict(list)
    for life in lives:
        for kind, references in life.said.items():
            said[kind] += references
    print("answered:", {kind: len(references) for kind, references in said.items()})
    print("requests repeated:", sum(life.repeated for life in lives))
    print("refused or odd:", dict(sum((life.odd for life in lives), Counter())))
    wrong = {
        **lost(said),
        **doubled(),
        **unbalanced(),
        "left waiting": [k for k, n in waiting().items() if n],
    }
    for name, rows in wrong.items():
        print(f"{name}: {rows or 'none'}")
    checks = [["seal_audit", "--no-progress"], ["verify_audit", "--no-progress"]]
    ends = [subprocess.run([sys.executable, "manage.py", *check], check=False).returncode for check in checks]
    print("seal_audit, verify_audit end with", ends)
    return int(any(wrong.values()) or any(ends))


def lost(said: dict[str, list[str]]) -> dict[str, list]:
    """What was answered and is not in the database."""
    held = set(Appointment.objects.values_list("reference", flat=True))
    cancelled = set(Appointment.objects.filter(status="cancelled").values_list("reference", flat=True))
    booked = set(Appointment.objects.exclude(booked_at=None).values_list("reference", flat=True))
    came = set(Payment.objects.captured().values_list("reference", flat=True))
    refunded = set(Refund.objects.values_list("idempotency_key", flat=True))
    return {
        "lost holds": [one for one in said["held"] if one not in held],
        "lost bookings": [one for one in said["booked"] if one not in booked],
        "lost cancellations": [one for one in said["cancelled"] if one not in cancelled],
        "lost payments": [one for one in said["paid"] + said["late"] if one not in came],
        "lost refunds": [one for one in said["refunded"] if one not in refunded],
    }


def doubled() -> dict[str, list]:
    holding = Appointment.objects.filter(status__in=HOLDING).order_by()
    receipts = Receipt.objects.order_by("serial").values_list("serial", flat=True)
    return {
        "times given twice": [*holding.values("doctor", "starts_at").annotate(n=Count("pk")).filter(n__gt=1)],
        "payments with two receipts": [
            *Receipt.objects.order_by().values("payment").annotate(n=Count("pk")).filter(n__gt=1)
        ],
        "gaps in the numbers of receipts": sorted({*range(1, len(receipts) + 1)} ^ {*receipts}),
        "claims without a visit": [*SlotClaim.objects.exclude(appointment__status__in=HOLDING).values()],
    }


def unbalanced() -> dict[str, list]:
    captured = Payment.objects.captured()
    kept = captured.order_by().values("invoice", "invoice__total")
    kept = kept.annotate(kept=Sum(F("amount") - F("refunded_amount")))
    gone = ("cancelled", "expired")
    refunds = dict(Refund.objects.order_by().values_list("payment").annotate(Sum("amount")))
    return {
        "bills paid twice": [*kept.filter(kept__gt=F("invoice__total"))],
        "money of visits that are gone": [
            *captured.filter(invoice__appointment__status__in=gone, refunded_amount__lt=F("amount")).values()
        ],
        "captured without a receipt": [*captured.filter(receipt=None).values("reference")],
        "refunded otherwise than it says": [
            one.reference for one in captured if one.refunded_amount != refunds.get(one.pk, 0)
        ],
        "two bills of one visit": [
            *Invoice.objects.exclude(status="void").order_by().values("appointment")
            .annotate(n=Count("pk")).filter(n__gt=1)
        ],
    }  # fmt: skip
