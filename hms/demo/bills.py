"""Who pays when: on the web when booking, at the desk when arriving, some not at all."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from billing.models import Invoice
from billing.services.bulk import PastPayment, PastRefund
from billing.statuses import GatewayCode, Method
from hms.demo.chance import Chance
from hms.demo.lives import MINUTE, Plan
from hms.demo.logins import Team
from scheduling.models import Appointment
from scheduling.services.bulk import Record
from scheduling.statuses import AppointmentStatus as Status
from scheduling.statuses import BookingSource

SHARE_ONLINE, SHARE_DECLINED, SHARE_PAID_AT_DESK, SHARE_PARTLY_BACK = 0.5, 0.06, 0.95, 0.004
ONLINE = {Method.UPI: 68, Method.CARD: 32}
AT_DESK = {Method.UPI: 48, Method.CASH: 38, Method.CARD: 14}
DECLINED = "The bank declined the payment."
CANCELLED, LONG_WAIT = "The appointment was cancelled.", "Service charge given back: the wait was too long."


class Cashier:
    """Decides how each bill is paid; what would be later than now has not been paid yet."""

    def __init__(self, *, team: Team, chance: Chance, now: datetime):
        self.team, self.chance, self.now = team, chance, now

    def payments(
        self, plan: Plan, record: Record, visit: Appointment, bill: Invoice
    ) -> Iterator[PastPayment]:
        """The attempts to pay the bill of a visit, up to now."""
        is_web = record.source == BookingSource.WEB
        if is_web and (plan.is_request or self.chance.happens(SHARE_ONLINE)):
            yield from self._online(record, visit, bill)
        elif visit.arrived_at and self.chance.happens(SHARE_PAID_AT_DESK):
            yield from self._at_desk(visit, bill)

    def _online(self, record: Record, visit: Appointment, bill: Invoice) -> Iterator[PastPayment]:
        """While the time is held; a second try where the bank declines the first."""
        paid_at = record.moment_of(Status.BOOKED)
        method, by = self.chance.pick(ONLINE), visit.booked_by
        if self.chance.happens(SHARE_DECLINED):
            tried_at = paid_at - MINUTE / 2
            yield PastPayment(
                bill.pk,
                tried_at,
                method,
                GatewayCode.SIMULATED,
                by,
                failure_reason=DECLINED,
                reference=self.chance.reference(),
            )
        reference = self.chance.reference()
        yield PastPayment(
            bill.pk,
            paid_at,
            method,
            GatewayCode.SIMULATED,
            by,
            gateway_reference=f"PB-{reference}",
            refund=self._refund(record, visit, bill),
            reference=reference,
        )

    def _refund(self, record: Record, visit: Appointment, bill: Invoice) -> PastRefund | None:
        reference = self.chance.reference()
        cancelled_at = record.moment_of(Status.CANCELLED)
        if cancelled_at:
            by = record.past[-1].by
            return PastRefund(cancelled_at, CANCELLED, by, None, f"PBR-{reference}", reference)
        service = bill.total - visit.doctor.fee
        completed_at = record.moment_of(Status.COMPLETED)
        given_at = completed_at + timedelta(hours=1) if completed_at else self.now
        if service > 0 and given_at < self.now and self.chance.happens(SHARE_PARTLY_BACK):
            by = self.team.billing
            return PastRefund(given_at, LONG_WAIT, by, service, f"PBR-{reference}", reference)
        return None

    def _at_desk(self, visit: Appointment, bill: Invoice) -> Iterator[PastPayment]:
        paid_at = visit.arrived_at + self.chance.minutes(0.5, 4)
        by = self.chance.choice((self.team.reception, self.team.billing))
        if paid_at <= self.now:
            yield PastPayment(
                bill.pk,
                paid_at,
                self.chance.pick(AT_DESK),
                GatewayCode.DESK,
                by,
                reference=self.chance.reference(),
            )
