from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Scope
from accounts.querysets import PatientOwnedQuerySet, patients_in_care
from audit.capture.querysets import AuditedQuerySet
from hms.core.days import local_day
from scheduling.statuses import CAME, HERE, HOLDING, OUTCOMES, UPCOMING, AppointmentStatus, ExceptionKind

# How long before its time a patient may arrive for a visit of the next day.
ARRIVES_BEFORE = timedelta(hours=4)
# How long after a visit the desk may enter that the patient came.
ENTERED_WITHIN = timedelta(days=7)


def missed_before(now: datetime) -> datetime:
    """A booked appointment that ended by then without an arrival has been missed."""
    return now - timedelta(hours=settings.BOOKING["no_show_hours"])


class BranchQuerySet(AuditedQuerySet):
    def open(self) -> "BranchQuerySet":
        return self.filter(is_active=True)

    def of_staff(self, user) -> "BranchQuerySet":
        """The branches to which the login belongs."""
        return self.filter(staff=user)


class DoctorQuerySet(AuditedQuerySet):
    def bookable(self, on: date | None = None) -> "DoctorQuerySet":
        """Doctors whom patients may book: active, department open, registration in force."""
        on = on or timezone.localdate()
        return self.filter(is_active=True, department__is_active=True, registration_expires_on__gte=on)

    def consulting_at(
        self, first: date, last: date, *, branches: Collection[int] | None = None, mode: str = ""
    ) -> "DoctorQuerySet":
        """Doctors with a weekly shift or an extra session between the days at the branches, in the mode."""
        shifts = self.model.schedules.field.model.objects.valid_between(first, last)
        extra = self.model.exceptions.field.model.objects.filter(kind=ExceptionKind.EXTRA).overlapping(
            local_day(first)[0], local_day(last)[1]
        )
        place = {} if branches is None else {"branch__in": branches}
        place |= {"mode": mode} if mode else {}
        there = [rows.filter(branch__is_active=True, **place).values("doctor") for rows in (shifts, extra)]
        return self.filter(Q(pk__in=there[0]) | Q(pk__in=there[1]))

    def assisted_by(self, user) -> "DoctorQuerySet":
        """Doctors with whom the user works as a nurse."""
        return self.filter(nurses__user=user)

    def covered_by(self, user, at: datetime | None = None) -> "DoctorQuerySet":
        """Doctors on leave at the moment (by default now) whom the user's doctor covers."""
        at = at or timezone.now()
        return self.filter(
            exceptions__covered_by__user=user, exceptions__starts_at__lte=at, exceptions__ends_at__gt=at
        )

    def covered_on(self, user, day: date) -> "DoctorQuerySet":
        """Doctors on leave at some time of the day whom the user's doctor covers then."""
        begins, ends = local_day(day)
        return self.filter(
            exceptions__covered_by__user=user, exceptions__starts_at__lt=ends, exceptions__ends_at__gt=begins
        )

    def for_list(self) -> "DoctorQuerySet":
        return self.select_related("department", "specialization").prefetch_related("languages")


class WeeklyScheduleQuerySet(AuditedQuerySet):
    def valid_between(self, first: date, last: date) -> "WeeklyScheduleQuerySet":
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)


class ScheduleExceptionQuerySet(AuditedQuerySet):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "ScheduleExceptionQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class CalendarFeedQuerySet(AuditedQuerySet):
    def visible_to(self, user) -> "CalendarFeedQuerySet":
        return self.filter(user=user.pk)

    def open(self) -> "CalendarFeedQuerySet":
        return self.filter(revoked_at__isnull=True)


class NoShowModelQuerySet(AuditedQuerySet):
    def active(self):
        """The model in use: the one activated last."""
        return self.filter(activation__isnull=False).order_by("-activation").first()


class AppointmentQuerySet(PatientOwnedQuerySet):
    def changeable_by(self, user) -> "AppointmentQuerySet":
        """Appointments that `user` may move, edit or cancel, as carer or front desk."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("scheduling.book_for_others"):
            return self
        return self.filter(patient_id__in=patients_in_care(user, [Scope.BOOK]))

    def covered_at(self, at: datetime, user) -> "AppointmentQuerySet":
        """Of doctors on leave at the moment whom the user's doctor covers."""
        return self.filter(
            doctor__exceptions__covered_by__user=user,
            doctor__exceptions__starts_at__lte=at,
            doctor__exceptions__ends_at__gt=at,
        )

    def to_be_covered_by(self, user) -> "AppointmentQuerySet":
        """Beginning in leaves, not yet over, that the user's doctor covers."""
        return self.filter(
            Q(doctor__exceptions__ends_at__gt=timezone.now()),
            Q(doctor__exceptions__ends_at__gt=F("starts_at")),
            doctor__exceptions__covered_by__user=user,
            doctor__exceptions__starts_at__lte=F("starts_at"),
        )

    def came(self) -> "AppointmentQuerySet":
        return self.filter(status__in=CAME)

    def ever_booked(self) -> "AppointmentQuerySet":
        """Whatever became of them; without times that were held and then given up or lost."""
        never = Q(status__in=[AppointmentStatus.HELD, AppointmentStatus.EXPIRED])
        return self.exclude(never | Q(status=AppointmentStatus.CANCELLED, booked_at__isnull=True))

    def on_list_of(self, user) -> "AppointmentQuerySet":
        """Without those that the login has taken off its list."""
        away = self.model.put_away.field.model.objects.filter(user=user.pk)
        return self.exclude(pk__in=away.values("appointment_id"))

    def holding(self) -> "AppointmentQuerySet":
        return self.filter(status__in=HOLDING)

    def upcoming(self, now: datetime | None = None) -> "AppointmentQuerySet":
        """Their time is not over; without expired holds."""
        now = now or timezone.now()
        return self.filter(status__in=UPCOMING, ends_at__gt=now).exclude(held_until__lte=now)

    def current(self, now: datetime | None = None) -> "AppointmentQuerySet":
        """Still to come or going on: a patient who waits is not past because the time is."""
        now = now or timezone.now()
        return self.filter(
            Q(status__in=HERE)
            | Q(status=AppointmentStatus.BOOKED, ends_at__gt=missed_before(now))
            | Q(status=AppointmentStatus.HELD, held_until__gt=now, ends_at__gt=now)
        )

    def past(self, now: datetime | None = None) -> "AppointmentQuerySet":
        now = now or timezone.now()
        return self.filter(
            Q(status__in=[AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW]) | self.missed_at(now)
        )

    def missed(self, now: datetime | None = None) -> "AppointmentQuerySet":
        """Booked, and so long over that nobody comes any more."""
        return self.filter(self.missed_at(now or timezone.now()))

    def missed_since(self, since: datetime) -> "AppointmentQuerySet":
        """No-shows, and visits that are so long over, whose time was since then."""
        no_show = Q(status=AppointmentStatus.NO_SHOW) | self.missed_at(timezone.now())
        return self.filter(no_show, starts_at__gte=since)

    @staticmethod
    def fates(now: datetime) -> dict[str, Q]:
        """What became of a booking that was made, for figures: exactly one of the four."""
        missed = AppointmentQuerySet.missed_at(now)
        return {
            "came": Q(status__in=CAME),
            "coming": Q(status=AppointmentStatus.BOOKED) & ~missed,
            "missed": Q(status=AppointmentStatus.NO_SHOW) | missed,
            "cancelled": Q(status=AppointmentStatus.CANCELLED),
        }

    @staticmethod
    def missed_at(now: datetime) -> Q:
        return Q(status=AppointmentStatus.BOOKED, ends_at__lte=missed_before(now))

    def of_today(self, now: datetime | None = None) -> "AppointmentQuerySet":
        """Of today; of other days those whose patients are here or may come near midnight."""
        now = now or timezone.now()
        begins, ends = local_day(timezone.localdate(now))
        near = Q(starts_at__gte=now - ARRIVES_BEFORE, starts_at__lt=now + ARRIVES_BEFORE)
        since = min(begins, missed_before(now))
        # The second follows from the first, and has an index.
        here = Q(status__in=HERE, arrived_at__gte=since, starts_at__gte=since - ENTERED_WITHIN)
        return self.filter(
            Q(starts_at__gte=begins, starts_at__lt=ends) | (near & Q(status=AppointmentStatus.BOOKED)) | here
        )

    def unfinished_before(self, day: date) -> "AppointmentQuerySet":
        """Of earlier days, with a patient who came and a visit that nobody has ended."""
        return self.filter(status__in=HERE, ends_at__lt=local_day(day)[0])

    def with_outcome(self) -> "AppointmentQuerySet":
        """Booked before their time, and either missed or with a patient who came."""
        booked_ahead = Q(starts_at__gt=Coalesce("booked_at", "created_at"))
        return self.filter(booked_ahead, status__in=OUTCOMES)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "AppointmentQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def asked_of_desk(self) -> "AppointmentQuerySet":
        """With something that a doctor asks of the front desk."""
        return self.filter(asked_of_desk_at__isnull=False)

    def at_branches(self, branches: Collection[int] | None) -> "AppointmentQuerySet":
        """At branches with these keys; None: at all."""
        return self if branches is None else self.filter(branch__in=branches)

    def cancelled(self) -> "AppointmentQuerySet":
        return self.filter(status=AppointmentStatus.CANCELLED)

    def on_day(self, day: date) -> "AppointmentQuerySet":
        start, end = local_day(day)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def for_list(self) -> "AppointmentQuerySet":
        return self.select_related("patient", "doctor__department", "doctor__specialization", "branch")
