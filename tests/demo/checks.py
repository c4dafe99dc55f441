"""What must hold of a hospital with older years, read from its rows."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from django.core.management import call_command
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from audit.evidence.seals import seal_log
from billing.models import Invoice, NumberSeries, Payment, Receipt
from billing.statuses import InvoiceStatus, PaymentStatus
from clinical.models import Encounter, LabOrder
from hms.demo.years.stage import Years, years
from scheduling.models import Appointment, Doctor
from scheduling.statuses import HOLDING, AppointmentStatus

SEEN = HOLDING | {AppointmentStatus.NO_SHOW}


def faults() -> list[str]:
    """Everything that is wrong, in words."""
    return [
        *_overlaps("doctor_id", "seat"),
        *_overlaps("patient_id"),
        *_unoffered(),
        *_receipts(),
        *_money(),
        *_steps(),
    ]


def are_as_planned(visits: int) -> bool:
    """Whether the older years are exactly those that the plan says, whatever happened on the way."""
    of_seed = Years(seed=2026, visits=visits)
    planner = of_seed.planner()
    planned = {visit.reference for day in of_seed.days for visit in planner.day(day)}
    return planned == set(years().values_list("reference", flat=True)) and len(planned) > 0.95 * visits


def verify_log() -> None:
    """Seal the log and compare every row with it; exits where something is not as it was written."""
    seal_log()
    call_command("verify_audit", no_progress=True, stdout=_Nowhere())


class _Nowhere:
    def write(self, _text: str) -> None:
        pass


def _overlaps(*whose: str) -> Iterator[str]:
    """Two visits at one time; the older years have none on a day on which the doctor has one of the demo."""
    rows = Appointment.objects.filter(status__in=SEEN).order_by(*whose, "starts_at")
    columns = rows.values_list(*whose, "starts_at", "ends_at", "reference")
    for before, after in pairwise(columns):
        if before[:-3] == after[:-3] and after[-3] < before[-2]:
            yield f"{before[-1]} and {after[-1]} overlap for one {whose[0]}"


def _unoffered() -> Iterator[str]:
    """Visits outside the weekly hours of their doctors."""
    hours = defaultdict(list)
    for doctor in Doctor.objects.prefetch_related("schedules"):
        for shift in doctor.schedules.all():
            hours[doctor.pk, shift.weekday].append(shift)
    for visit in years():
        begins, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
        if not any(
            shift.starts_at <= begins.time() and ends.time() <= shift.ends_at and visit.seat < shift.capacity
            for shift in hours[visit.doctor_id, begins.weekday()]
        ):
            yield f"{visit.reference} is outside the hours"


def _receipts() -> Iterator[str]:
    """Numbers without gaps, in the order in which the money came, one for each payment that came."""
    for series in NumberSeries.objects.all():
        rows = Receipt.objects.filter(series=series.series, financial_year=series.financial_year)
        serials = list(rows.order_by("serial").values_list("serial", flat=True))
        if serials != list(range(1, series.last + 1)):
            yield f"{series} has gaps"
        moments = list(rows.order_by("serial").values_list("issued_at", flat=True))
        if series.series == "BF" and moments != sorted(moments):
            yield f"{series} is not in the order of the money"
    if without := Payment.objects.captured().filter(receipt=None).count():
        yield f"{without} payments have no receipt"


def _money() -> Iterator[str]:
    sums = {name: Sum(f"lines__{name}") for name in ("taxable_value", "cgst", "sgst", "igst", "total")}
    names = {f"sum_{name}": total for name, total in sums.items()}
    differs = Q()
    for name in sums:
        differs |= ~Q(**{name: F(f"sum_{name}")})
    if wrong := Invoice.objects.annotate(**names).filter(differs).count():
        yield f"{wrong} bills are not the sum of their lines"
    refunded = Payment.objects.annotate(back=Sum("refunds__amount")).filter(refunded_amount__gt=0)
    if wrong := refunded.exclude(back=F("refunded_amount")).count():
        yield f"{wrong} payments differ from their refunds"
    kept = Q(payments__status=PaymentStatus.CAPTURED, payments__refunded_amount__lt=F("payments__amount"))
    times = Invoice.objects.annotate(times=Count("payments", filter=kept))
    if wrong := times.filter(Q(times__gt=1) | Q(times=1, status=InvoiceStatus.VOID)).count():
        yield f"{wrong} bills are paid twice or void and paid"
    booked = years().filter(booked_at__isnull=False)
    if wrong := booked.annotate(bills=Count("invoices")).exclude(bills=1).count():
        yield f"{wrong} visits without their one bill"


def _steps() -> Iterator[str]:
    """Each step after the one before."""
    wrong = years().filter(
        Q(booked_at__lt=F("created_at"))
        | Q(arrived_at__lt=F("booked_at"))
        | Q(started_at__lt=F("arrived_at"))
        | Q(started_at__lt=F("starts_at"))
        | Q(ended_at__lte=F("started_at"))
        | Q(created_at__lt=F("patient__registered_at"))
    )
    yield from (f"{row.reference} goes back in time" for row in wrong)
    if wrong := Encounter.objects.exclude(patient=F("appointment__patient")).count():
        yield f"{wrong} records of another patient"
    if wrong := LabOrder.objects.filter(released_at__lt=F("collected_at")).count():
        yield f"{wrong} results before their sample"
