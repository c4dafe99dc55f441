"""How likely patients are not to come: the estimate shown to staff, and the models behind it.

An estimate is for planning. Overbooking uses it and nothing else: nobody is refused a time because of it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

from accounts.ages import completed_months
from accounts.models import Patient
from audit.capture.context import audit_context
from hms.core.days import midnight
from hms.core.locks import lock_rows
from hms.core.rights import person, require
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment, NoShowModel
from scheduling.no_show.facts import Histories, Outcome
from scheduling.no_show.logistic import BRAZIL_2016, probability
from scheduling.no_show.measures import Report, compare_model
from scheduling.querysets import AppointmentQuerySet
from scheduling.statuses import OUTCOMES, AppointmentStatus

FEWEST_OUTCOMES = 500
MOST_OUTCOMES = 100_000  # the latest: older ones say less, and a fit takes about a minute
LATEST = 2_000
FOR_PLANNING = "scheduling.view_no_show_risk"
MOMENTS = ("patient_id", "status", "starts_at", "arrived_at", "ended_at")


class Estimator:
    """The active model with what is known about some patients; two queries for any number."""

    def __init__(self, model: NoShowModel, patient_ids: Iterable[int]):
        rows = Appointment.objects.filter(patient__in=set(patient_ids), status__in=OUTCOMES).order_by()
        self.coefficients = model.coefficients
        self.histories = Histories(map(_known, rows.values_list(*MOMENTS)))

    @classmethod
    def of(cls, patient_ids: Iterable[int]) -> "Estimator | None":
        """None if no model is active."""
        model = NoShowModel.objects.active()
        return cls(model, patient_ids) if model else None

    def risk(self, appointment: Appointment) -> float:
        """The probability that the patient misses this visit; 0 for one who has come."""
        if appointment.status not in (AppointmentStatus.HELD, AppointmentStatus.BOOKED):
            return 0.0
        booked_at = appointment.booked_at or appointment.created_at
        return self.risk_at(appointment.patient, booked_at=booked_at, starts_at=appointment.starts_at)

    def risk_at(self, patient: Patient, *, booked_at: datetime, starts_at: datetime) -> float:
        booked_on = timezone.localdate(booked_at)
        facts = self.histories.facts(
            patient.pk,
            booked_on=booked_on,
            visit_on=timezone.localdate(starts_at),
            age=_age(patient.date_of_birth, booked_on),
        )
        return probability(self.coefficients, facts)


def no_show_risks(appointments: Iterable[Appointment], *, by) -> dict[int, float]:
    """The risk of each coming visit by its key; empty for those without the right. Load the patients too."""
    coming = [row for row in appointments if row.status == AppointmentStatus.BOOKED]
    if not coming or not by.has_perm(FOR_PLANNING):
        return {}
    estimator = Estimator.of(row.patient_id for row in coming)
    return {row.pk: estimator.risk(row) for row in coming} if estimator else {}


def latest_outcomes(most: int = MOST_OUTCOMES) -> list[Outcome]:
    """The latest visits of days that are over, the earliest first."""
    over = Appointment.objects.with_outcome().filter(starts_at__lt=midnight(timezone.localdate()))
    return _outcomes(over.order_by("-starts_at", "-pk")[:most])[::-1]


@retried_atomic
def store_no_show_model(
    *, outcomes: Sequence[Outcome], coefficients: dict[str, float], report: Report | None, by
) -> NoShowModel:
    """Store a fit to these outcomes; it is used once an administrator activates it."""
    require(by, "scheduling.add_noshowmodel")
    last = max(one.visit_on for one in outcomes)
    return NoShowModel.objects.create(
        name=f"Own visits until {last:%Y-%m-%d}",
        coefficients=coefficients,
        data_until=last,
        visits=len(outcomes),
        report=report and report.as_data(),
    )


@retried_atomic
def activate_no_show_model(*, model: NoShowModel, by) -> NoShowModel:
    """Use this model from now on instead of the one used so far; activating it twice changes nothing."""
    require(by, "scheduling.change_noshowmodel")
    models = {row.pk: row for row in lock_rows(NoShowModel.objects.order_by("pk"))}
    model = models[model.pk]
    if not model.is_active:
        model.activation = max(row.activation or 0 for row in models.values()) + 1
        model.activated_at, model.activated_by = timezone.now(), person(by)
        model.save(update_fields=["activation", "activated_at", "activated_by"])
    return model


def report_on_latest(model: NoShowModel, *, by) -> Report | None:
    """How true the model is for the hospital's latest visits; None if there are no outcomes yet."""
    require(by, "scheduling.view_noshowmodel")
    outcomes = latest_outcomes(LATEST)
    if not outcomes:
        return None
    rows = Appointment.objects.filter(patient__in={one.patient for one in outcomes}, status__in=OUTCOMES)
    histories = Histories(map(_known, rows.order_by().values_list(*MOMENTS)))
    facts = [
        histories.facts(one.patient, booked_on=one.booked_on, visit_on=one.visit_on, age=one.age)
        for one in outcomes
    ]
    return compare_model(model.coefficients, outcomes, facts)


@retried_atomic
def add_first_no_show_model() -> list[str]:
    """Store and activate the model that comes with the software, where there is none."""
    if NoShowModel.objects.exists():
        return []
    with audit_context(reason="Came with the software"):
        NoShowModel.objects.create(
            name="Brazil 2016 prior",
            coefficients=BRAZIL_2016,
            data_until=date(2016, 6, 8),
            visits=110_527,
            activation=1,
            activated_at=timezone.now(),
        )
    return ["The no-show model that comes with the software has been stored."]


def _known(row: tuple) -> tuple[int, date, bool]:
    patient, status, starts_at, arrived_at, ended_at = row
    missed = status == AppointmentStatus.NO_SHOW
    entered_at = (ended_at if missed else arrived_at) or starts_at
    return patient, timezone.localdate(max(starts_at, entered_at)), missed


def _outcomes(rows: AppointmentQuerySet) -> list[Outcome]:
    more = ("booked_at", "created_at", "patient__date_of_birth", "patient__gender")
    found = []
    for *moments, booked_at, created_at, born, gender in rows.values_list(*MOMENTS, *more):
        patient, known_on, missed = _known(tuple(moments))
        booked_on, visit_on = timezone.localdate(booked_at or created_at), timezone.localdate(moments[2])
        age = _age(born, booked_on)
        found.append(Outcome(patient, booked_on, visit_on, known_on, age, missed, gender))
    return found


def _age(born: date, day: date) -> int:
    return max(completed_months(born, day) // 12, 0)
