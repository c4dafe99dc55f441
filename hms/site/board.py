"""The day board: waiting, current, late and upcoming patients and free times of each doctor."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.capture.requests import refreshes
from clinical.models import VitalSigns
from clinical.services.vitals import can_be_measured
from clinical.vitals.news2 import News2
from clinical.vitals.summary import last_news2
from scheduling.admin.day_steps import DayStep, steps_in_lists
from scheduling.availability import BookingTerms, Place, Slot, offered_slots
from scheduling.branch_choice import BranchChoice
from scheduling.models import Appointment, Department, Doctor
from scheduling.moments import parse_day
from scheduling.queues.lateness import in_steps, minutes_late
from scheduling.services.no_show import no_show_risks
from scheduling.statuses import AppointmentStatus as Status
from scheduling.statuses import VisitMode

REFRESH_SECONDS = 30
NOT_ON_THE_BOARD = (Status.HELD, Status.EXPIRED, Status.CANCELLED)


@dataclass
class Entry:
    appointment: Appointment
    minutes: int = 0  # of waiting, in consultation or late
    step: DayStep | None = None  # the next step
    news2: News2 | None = None  # only if it is alarming
    no_show_risk: float | None = None
    may_measure: bool = False


@dataclass
class Column:
    doctor: Doctor
    free: list = field(default_factory=list)
    next_free: Slot | None = None  # that has not begun
    waiting: list[Entry] = field(default_factory=list)
    inside: list[Entry] = field(default_factory=list)
    late: list[Entry] = field(default_factory=list)
    upcoming: list[Entry] = field(default_factory=list)
    done: list[Entry] = field(default_factory=list)
    missed: list[Entry] = field(default_factory=list)

    def place(self, appointment: Appointment, user, now: datetime) -> None:
        kind, since = _kind_of(appointment, now)
        entry = Entry(appointment, _minutes(since, now))
        entry.may_measure = kind in ("waiting", "inside", "late") and can_be_measured(appointment, now)
        entry.step = next(iter(steps_in_lists(user, appointment)), None)
        getattr(self, kind).append(entry)

    @property
    def minutes_late(self) -> int:
        """Of the doctor, as on the screen of the waiting room."""
        here = [entry.appointment for entry in (*self.waiting, *self.inside)]
        return in_steps(
            minutes_late([one for one in here if one.mode == VisitMode.IN_PERSON], timezone.now())
        )

    @property
    def is_empty(self) -> bool:
        lists = (self.waiting, self.inside, self.late, self.upcoming, self.done, self.missed)
        return not (self.free or any(lists))


def show_board(admin_site, request):
    """The page; it is read again every half minute where there is JavaScript."""
    refreshes(request)
    if not request.user.has_perm("scheduling.view_appointment"):
        raise PermissionDenied
    asked = request.GET
    day = parse_day(asked.get("day", "")) or timezone.localdate()
    theirs = list(doctors_of(request.user, day))
    doctors = [doctor for doctor in theirs if is_wanted(doctor, asked)]
    choice = BranchChoice.of(request)
    columns = columns_of(request.user, doctors, day, choice.place)
    estimate(request.user, columns)
    page = admin_site.each_context(request) | {
        "title": _("Day board"),
        "day": day,
        "is_today": day == timezone.localdate(),
        "now": timezone.now(),
        "columns": columns,
        "totals": totals(columns),
        "departments": Department.objects.filter(is_active=True),
        "doctors": theirs,
        "is_nobody": bool(theirs) and not doctors,
        "is_no_day": bool(asked.get("day")) and parse_day(asked["day"]) is None,
        "asked": asked,
        "choice": choice,
        "refresh_seconds": REFRESH_SECONDS,
    }
    return TemplateResponse(request, "admin/day_board.html", page)


def is_wanted(doctor: Doctor, asked) -> bool:
    department, reference = asked.get("department"), asked.get("doctor")
    return department in (None, "", doctor.department.slug) and (reference in (None, "", doctor.reference))


def doctors_of(user, day: date):
    """All doctors for the front desk.

    For others themselves, whom they cover now or on the day, and those with whom they work as a nurse.
    """
    doctors = Doctor.objects.select_related("department")
    if user.has_perm("scheduling.view_every_appointment"):
        return doctors
    covered = Doctor.objects.order_by().covered_on(user, day).values("pk")
    now = Doctor.objects.order_by().covered_by(user).values("pk")
    is_theirs = Q(user=user) | Q(nurses__user=user) | Q(pk__in=covered) | Q(pk__in=now)
    return doctors.filter(is_theirs).distinct()


def columns_of(user, doctors, day: date, place: Place | None = None) -> list[Column]:
    """A column for each doctor with appointments or free times on the day; six queries for any number."""
    now = timezone.now()
    columns = {doctor.pk: Column(doctor) for doctor in doctors}
    visible = Appointment.objects.visible_to(user)
    of_day = visible.of_today(now) if day == timezone.localdate(now) else visible.on_day(day)
    shown = of_day.filter(doctor__in=list(columns)).at_branches(place and place.branches)
    for appointment in shown.exclude(status__in=NOT_ON_THE_BOARD).for_list().order_by("starts_at"):
        columns[appointment.doctor_id].place(appointment, user, now)
    people = [column.doctor for column in columns.values()]
    free = offered_slots(people, day, day, terms=BookingTerms.for_staff().at(place))
    for column in columns.values():
        column.free = free[column.doctor.pk]
        column.next_free = next((slot for slot in column.free if slot.starts_at > now), None)
        column.waiting.sort(key=lambda entry: entry.appointment.token or 0)
    warn(user, columns.values())
    return [column for column in columns.values() if not column.is_empty]


def warn(user, columns: Iterable[Column]) -> None:
    """Show those who may read vital signs which of the patients in the house should be seen soon."""
    entries = [entry for column in columns for entry in (*column.waiting, *column.inside)]
    if not user.has_perm("clinical.view_vitalsigns"):
        return
    patients = {entry.appointment.patient_id for entry in entries}
    measured = defaultdict(list)
    for row in VitalSigns.objects.visible_to(user).filter(patient__in=patients).recent():
        measured[row.patient_id].append(row)
    for entry in entries:
        patient = entry.appointment.patient
        found = last_news2(measured[patient.pk], patient, timezone.now())
        entry.news2 = found.news2 if found and found.news2.is_alarming else None


def estimate(user, columns: Iterable[Column]) -> None:
    """Show those who plan how likely each coming patient is a no-show."""
    entries = [entry for column in columns for entry in column.upcoming]
    risks = no_show_risks([entry.appointment for entry in entries], by=user)
    for entry in entries:
        entry.no_show_risk = risks.get(entry.appointment.pk)


def totals(columns: list[Column]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for column in columns:
        for name in ("waiting", "inside", "late", "upcoming", "done", "missed", "free"):
            counts[name] += len(getattr(column, name))
    return dict(counts)


def _kind_of(appointment: Appointment, now: datetime) -> tuple[str, datetime | None]:
    if appointment.status == Status.BOOKED:
        is_late = appointment.starts_at < now
        return ("late", appointment.starts_at) if is_late else ("upcoming", None)
    return {
        Status.ARRIVED: ("waiting", appointment.arrived_at),
        Status.IN_CONSULTATION: ("inside", appointment.started_at),
        Status.COMPLETED: ("done", None),
        Status.NO_SHOW: ("missed", None),
    }[appointment.status]


def _minutes(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds()) // 60) if since else 0
