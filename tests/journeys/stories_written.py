"""Two ways to write a story: by the services as it happens, or by the batches as a past."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from random import Random

import time_machine

from billing.models import Invoice, Payment
from billing.services import (
    agree_to_pay_at_desk,
    fail_payment,
    open_invoice,
    pay_out_refund,
    refund_payment,
    settle_payment,
    start_payment,
    take_desk_payment,
)
from billing.services.bulk import PastBill, PastPayment, record_bills, record_payments
from hms.core.refusals import Refusal
from hms.core.rights import SYSTEM
from scheduling.models import Appointment
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    check_in,
    complete_consultation,
    expire_holds,
    hold_slot,
    mark_no_show,
    start_consultation,
)
from scheduling.services.bulk import Happening, record_appointments
from scheduling.statuses import AppointmentStatus as Status
from tests.journeys.stories import Story

STEPS = {
    Status.ARRIVED: check_in,
    Status.IN_CONSULTATION: start_consultation,
    Status.COMPLETED: complete_consultation,
    Status.NO_SHOW: mark_no_show,
}


def by_services(stories: list[Story], on_commit: Callable[..., AbstractContextManager]) -> None:
    """Live the stories: each service is called at its moment, and a refused booking ends its story."""
    events = [
        (moment, number, order, call)
        for number, story in enumerate(stories)
        for order, (moment, call) in enumerate(_events(story))
    ]
    for moment, number, _order, call in sorted(events, key=lambda event: event[:3]):
        if not stories[number].refused:
            with time_machine.travel(moment, tick=False), on_commit(execute=True):
                call()


def _events(story: Story) -> Iterator[tuple[datetime, Callable[[], object]]]:
    first, *later = story.record.past
    yield first.at, lambda: _begin(story, first)
    for number, attempt in enumerate(story.attempts):
        yield attempt.at, lambda key=f"key-{number:08}", attempt=attempt: _pay(story, attempt, key)
    for step in later:
        yield step.at, lambda step=step: _step(story, step)
    for attempt in story.attempts:
        if attempt.refund:
            yield attempt.refund.at, lambda attempt=attempt: _refund(story, attempt)


def _begin(story: Story, step: Happening) -> None:
    record, service = story.record, hold_slot if step.status == Status.HELD else book_appointment
    try:
        service(
            patient=record.patient,
            doctor=record.doctor,
            starts_at=record.starts_at,
            symptoms=record.symptoms,
            source=record.source,
            by=step.by,
        )
    except Refusal as refusal:
        story.refused = refusal.code


def _step(story: Story, step: Happening) -> None:
    match step.status:
        case Status.BOOKED:
            agree_to_pay_at_desk(appointment=story.visit, by=step.by)  # changes nothing if it is paid
        case Status.EXPIRED:
            expire_holds()
        case Status.CANCELLED:
            cancel_appointment(appointment=story.visit, reason=step.note, by=step.by)
        case _:
            STEPS[step.status](appointment=story.visit, by=step.by)


def _pay(story: Story, attempt: PastPayment, key: str) -> None:
    by, method = attempt.by, attempt.method
    if attempt.gateway == "desk":
        take_desk_payment(appointment=story.visit, method=method, by=by, idempotency_key=key)
        return
    bill = open_invoice(appointment=story.visit, by=by)
    payment = start_payment(invoice=bill, method=method, gateway="simulated", by=by, idempotency_key=key)
    if attempt.failure_reason:
        fail_payment(payment=payment, reason=attempt.failure_reason, by=SYSTEM)
    else:
        settle_payment(payment=payment, gateway_reference=f"PB-{payment.reference}", by=SYSTEM)


def _refund(story: Story, attempt: PastPayment) -> None:
    """Give a part back; all of it has gone back with the cancellation, and is handed out at the desk."""
    payment = Payment.objects.get(invoice__appointment=story.visit, status="captured")
    back = attempt.refund
    if back.amount:
        refund_payment(
            payment=payment, amount=back.amount, reason=back.reason, by=back.by, idempotency_key="refund-1"
        )
    if payment.gateway == "desk":
        pay_out_refund(refund=payment.refunds.get(), by=back.by if back.amount else SYSTEM)


def by_batches(stories: list[Story], random: Random, keep: dict[int, list[str]]) -> None:
    """Write the stories as a past, in any order, with the references of `references_of`."""
    stories = random.sample(stories, len(stories))
    references = [iter(keep[story.record.patient.pk]) for story in stories]
    records = [
        replace(story.record, reference=next(of_one))
        for story, of_one in zip(stories, references, strict=True)
    ]
    visits = record_appointments(records=records, by=SYSTEM)
    payments: list[PastPayment] = []
    for story, visit, of_one in zip(stories, visits, references, strict=True):
        if visit.booked_at:
            first = story.attempts[0].at if story.attempts else visit.booked_at
            bill = PastBill(visit, next(of_one), opened_at=min(first, visit.booked_at))
            [invoice] = record_bills(bills=[bill], by=SYSTEM)
            payments += [_past(attempt, invoice, of_one) for attempt in story.attempts]
    record_payments(payments=random.sample(payments, len(payments)), by=SYSTEM)


def _past(attempt: PastPayment, bill: Invoice, references: Iterator[str]) -> PastPayment:
    reference, refund = next(references), attempt.refund
    is_online = attempt.gateway == "simulated"
    if refund:
        of_refund = next(references)
        refund = replace(
            refund, reference=of_refund, gateway_reference=f"PBR-{of_refund}" if is_online else None
        )
    is_paid_online = is_online and not attempt.failure_reason
    return replace(
        attempt,
        bill_id=bill.pk,
        reference=reference,
        gateway_reference=f"PB-{reference}" if is_paid_online else None,
        refund=refund,
    )


def references_of(visit: Appointment) -> list[str]:
    """Those of the visit, its bill, and each payment with its refunds, which chance made."""
    references = [visit.reference]
    for bill in visit.invoices.all():
        references.append(bill.reference)
        for payment in bill.payments.order_by("created_at", "pk"):
            references += [payment.reference, *payment.refunds.values_list("reference", flat=True)]
    return references
