"""Bills, payments, receipts and refunds of the older years."""

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from json.encoder import encode_basestring_ascii as quoted

from django.utils import timezone

from accounts.models import Patient, User
from audit.capture.prototypes import Prototype, Template, hole
from billing.models import BillingProfile, Invoice, Payment, Receipt, Refund
from billing.pricing import Quote
from billing.services.invoices import invoice_of, key_of_bill, lines_of
from billing.services.numbering import DocumentNumber, financial_year, next_numbers
from billing.services.payments import payment_of
from billing.services.quotes import quote_under, taxes_for
from billing.services.receipts import day_text, freeze, moment_text
from billing.services.refunds import key_of_refund
from billing.statuses import ChargeKind, GatewayCode, InvoiceStatus, PaymentStatus, RefundStatus
from hms.core.days import local_day
from hms.demo.bills import DECLINED, LONG_WAIT
from hms.demo.logins import Team
from hms.demo.years.crowd import Crowd
from hms.demo.years.moments import day_of, moment_of
from hms.demo.years.rows import Portion
from hms.demo.years.visit import Money, Visit
from scheduling.models import Appointment, Branch, Doctor
from scheduling.statuses import AppointmentStatus

SERIES = "BF"  # receipts brought forward: a series of their own, in the order in which the money came
WHERE = (GatewayCode.DESK, GatewayCode.SIMULATED)
AMOUNTS = ("taxable_value", "cgst", "sgst", "igst", "total")
PATIENT = Patient()
PAYMENT = (
    *("id", "reference", "invoice_id", "refunded_amount", "method", "gateway", "status", "gateway_reference"),
    *("failure_reason", "idempotency_key", "created_at", "captured_at", "closed_at"),
)


class Price:
    """A visit to a doctor at the price of some days, and what follows from it."""

    def __init__(self, doctor: Doctor, quote: Quote, profile: BillingProfile, by: User):
        self.quote, self.doctor, self.profile = quote, doctor, profile
        self.total = quote.total
        invoice = self.invoice = invoice_of(
            Appointment(), quote, key="", by_id=by.pk, at=timezone.now(), reference="?"
        )
        self.bill = Prototype(
            invoice,
            *("id", "reference", "patient_id", "appointment_id", "status", "idempotency_key", "created_at"),
        )
        self.lines = [Prototype(line, "id", "invoice_id") for line in lines_of(invoice, quote)]
        attempt = payment_of(invoice, method="", gateway="", by=by, key="", at=timezone.now(), reference="?")
        self.payment = Prototype(attempt, *PAYMENT)
        self.printed = cache(self._printed)

    def _printed(self, branch: Branch, method: str, gateway: str) -> Template:
        """What a receipt says, but for its numbers, its moments and its patient."""
        visit = Appointment(
            reference=hole("visit"), doctor=self.doctor, branch=branch, starts_at=timezone.now()
        )
        bill = Invoice(
            reference=hole("bill"),
            appointment=visit,
            **{name: getattr(self.invoice, name) for name in AMOUNTS},
        )
        bill.patient = PATIENT
        payment = Payment(
            reference=hole("payment"),
            gateway_reference=hole("transaction"),
            method=method,
            gateway=gateway,
            amount=self.total,
            captured_at=timezone.now(),
            invoice=bill,
        )
        frozen = freeze(payment, lines=lines_of(bill, self.quote), profile=self.profile, at=timezone.now())
        frozen |= {"number": hole("number"), "issued_on": hole("day")}
        frozen["patient"] = {name: hole(name) for name in frozen["patient"]}
        frozen["visit"]["at"], frozen["payment"]["at"] = hole("visit_at"), hole("paid_at")
        return Template(frozen)


class Prices:
    """The prices that held on each day."""

    def __init__(self, by: User):
        self.by = by
        self.profile, self.taxes = cache(BillingProfile.objects.in_force), cache(taxes_for)
        self.found: dict[tuple, Price] = {}
        self.of_days: dict[tuple[int, date], Price] = {}

    def of(self, doctor: Doctor, day: date) -> Price:
        key = (doctor.pk, day)
        if key not in self.of_days:
            self.of_days[key] = self._of(doctor, day)
        return self.of_days[key]

    def _of(self, doctor: Doctor, day: date) -> Price:
        profile = self.profile(day)
        key = (doctor.pk, profile and profile.pk, *self._taxes(profile, day))
        if key not in self.found:
            quote = quote_under(profile, doctor, day, taxes=self.taxes)
            self.found[key] = Price(doctor, quote, profile, self.by)
        return self.found[key]

    def _taxes(self, profile: BillingProfile | None, day: date) -> tuple:
        kinds = frozenset(ChargeKind.values)
        return tuple(self.taxes(profile, kinds, day).items()) if profile else ()


class Ledger:
    """Writes bills and money into a portion."""

    def __init__(self, *, team: Team, crowd: Crowd, branches: dict[int, Branch]):
        self.team, self.crowd, self.branches = team, crowd, branches
        self.prices = Prices(team.reception)
        receipt = Receipt(series=SERIES)
        self.receipt = Prototype(
            receipt, "id", "payment_id", "financial_year", "serial", "number", "issued_at", "frozen"
        )
        self.refund = Prototype(
            Refund(status=RefundStatus.PROCESSED),
            *("id", "reference", "payment_id", "amount", "reason", "gateway_reference", "idempotency_key"),
            *("by_id", "created_at", "closed_at"),
        )

    def open_bill(self, portion: Portion, visit: Visit, appointment_id: int) -> None:
        price, patient_id = self._price(visit), self.crowd.pks[visit.patient]
        is_void = visit.status == AppointmentStatus.CANCELLED
        visit.bill_pk = portion.add(
            price.bill,
            patient_id,
            visit.bill,
            patient_id,
            appointment_id,
            InvoiceStatus.VOID.value if is_void else InvoiceStatus.DRAFT.value,
            key_of_bill(visit),
            visit.created,
        )
        for line in price.lines:
            portion.add(line, patient_id, visit.bill_pk)

    def take_money(self, portion: Portion, taken: list[tuple[Visit, Money]]) -> None:
        """Write the attempts of one day in the order of time, with receipts of what came."""
        numbers = self._numbers([money.at for _visit, money in taken if money.came])
        for visit, money in taken:
            payment_id = self._pay(portion, visit, money)
            if money.came:
                self._issue(portion, visit, money, payment_id, next(numbers))
            if money.refund:
                self._refund(portion, visit, money, payment_id)

    def _price(self, visit: Visit) -> Price:
        return self.prices.of(visit.doctor, day_of(visit.created))

    def _numbers(self, moments: list[int]) -> Iterator[DocumentNumber]:
        for year, of_year in groupby(moments, key=lambda at: financial_year(day_of(at))):
            yield from next_numbers(SERIES, year, len(list(of_year)))

    def _pay(self, portion: Portion, visit: Visit, money: Money) -> int:
        price, came = self._price(visit), money.came
        status = PaymentStatus.CAPTURED if came else PaymentStatus.FAILED
        return portion.add(
            price.payment,
            self.crowd.pks[visit.patient],
            money.reference,
            visit.bill_pk,
            _amount_back(price, money) if money.refund else "0.00",
            money.method,
            WHERE[money.by_link].value,
            status.value,
            f"PB-{money.reference}" if money.by_link and came else None,
            "" if came else DECLINED,
            f"{visit.bill}/{money.reference}",
            money.at,
            money.at if came else None,
            money.at,
        )

    def _issue(self, portion: Portion, visit: Visit, money: Money, payment_id: int, number) -> None:
        crowd = self.crowd
        printed = self._price(visit).printed(
            self.branches[visit.slot.branch_id], money.method, WHERE[money.by_link].value
        )
        frozen = printed.filled(
            {
                "number": f'"{number}"',
                "day": _day(day_of(money.at)),
                "name": quoted(crowd.names[visit.patient]),
                "mrn": quoted(crowd.mrns[visit.patient]),
                "address": crowd.addresses[visit.patient],
                "visit": f'"{visit.reference}"',
                "visit_at": _clock(visit.slot.start // 60),
                "bill": f'"{visit.bill}"',
                "payment": f'"{money.reference}"',
                "transaction": quoted(f"PB-{money.reference}" if money.by_link else money.reference),
                "paid_at": _clock(money.at // 60),
            }
        )
        portion.add(
            self.receipt,
            crowd.pks[visit.patient],
            payment_id,
            number.financial_year,
            number.serial,
            str(number),
            money.at,
            frozen,
        )

    def _refund(self, portion: Portion, visit: Visit, money: Money, payment_id: int) -> None:
        reference, at, reason = money.refund
        by = self.team.billing if reason == LONG_WAIT else self.team.reception
        portion.add(
            self.refund,
            self.crowd.pks[visit.patient],
            reference,
            payment_id,
            _amount_back(self._price(visit), money),
            reason,
            f"PBR-{reference}",
            key_of_refund(money, reference),
            by.pk,
            at,
            at,
        )


@cache
def _day(day: date) -> str:
    return quoted(day_text(local_day(day)[0]))


@lru_cache(maxsize=200_000)
def _clock(minute: int) -> str:
    return quoted(moment_text(moment_of(minute * 60)))


def _amount_back(price: Price, money: Money) -> str:
    """Everything where the visit was cancelled, else the service charge; all where there is none."""
    is_part = money.refund[2] == LONG_WAIT and price.total > price.doctor.fee
    return str(price.total - price.doctor.fee) if is_part else str(price.total)
