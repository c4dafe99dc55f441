from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import Scope
from accounts.querysets import PatientOwnedQuerySet, patients_in_care
from audit.capture.querysets import AuditedQuerySet
from hms.core.days import local_day
from scheduling.statuses import HOLDING, UPCOMING, AppointmentStatus


class DoctorQuerySet(AuditedQuerySet):
    def bookable(self, on: date | None = None) -> "DoctorQuerySet":
        """Doctors whom patients may book: active, department open, registration in force."""
        on = on or timezone.localdate()
        return self.filter(is_active=True, department__is_active=True, registration_expires_on__gte=on)

    def assisted_by(self, user) -> "DoctorQuerySet":
        """Doctors with whom the user works as a nurse."""
        return self.filter(nurses__user=user)

    def covered_by(self, user, at: datetime | None = None) -> "DoctorQuerySet":
        """Doctors on leave at the moment (by default now) whom the user's doctor covers."""
        at = at or timezone.now()
        return self.filter(
            exceptions__covered_by__user=user, exceptions__starts_at__lte=at, exceptions__ends_at__gt=at
        )

    def for_list(self) -> "DoctorQuerySet":
        return self.select_related("department").prefetch_related("languages")

    def matching(self, text: str) -> "DoctorQuerySet":
        """Every word of the search occurs in the name, specialization or department."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(full_name__icontains=word)
                | Q(specialization__icontains=word)
                | Q(department__name__icontains=word)
            )
        return found


class WeeklyScheduleQuerySet(AuditedQuerySet):
    def valid_between(self, first: date, last: date) -> "WeeklyScheduleQuerySet":
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)


class ScheduleExceptionQuerySet(AuditedQuerySet):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "ScheduleExceptionQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class AppointmentQuerySet(PatientOwnedQuerySet):
    def changeable_by(self, user) -> "AppointmentQuerySet":
        """Appointments that `user` may move, edit or cancel, as carer or front desk."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("scheduling.book_for_others"):
            return self
        return self.filter(patient_id__in=patients_in_care(user, [Scope.BOOK]))

    def holding(self) -> "AppointmentQuerySet":
        return self.filter(status__in=HOLDING)

    def upcoming(self, now: datetime | None = None) -> "AppointmentQuerySet":
        """Not yet over, without expired holds."""
        now = now or timezone.now()
        return self.filter(status__in=UPCOMING, ends_at__gt=now).exclude(held_until__lte=now)

    def past(self, now: datetime | None = None) -> "AppointmentQuerySet":
        now = now or timezone.now()
        return self.filter(
            Q(ends_at__lte=now) | Q(status__in=[AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW])
        ).exclude(
            status__in=[
                AppointmentStatus.CANCELLED,
                AppointmentStatus.EXPIRED,
                AppointmentStatus.HELD,
            ]
        )

    def cancelled(self) -> "AppointmentQuerySet":
        return self.filter(status=AppointmentStatus.CANCELLED)

    def on_day(self, day: date) -> "AppointmentQuerySet":
        start, end = local_day(day)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def for_list(self) -> "AppointmentQuerySet":
        return self.select_related("patient", "doctor__department", "branch")
