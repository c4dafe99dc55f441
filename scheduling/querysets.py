from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Guardianship
from audit.querysets import AuditedQuerySet
from audit.reading.reads import logs_reads
from hms.core.days import local_day
from scheduling.statuses import HOLDING, UPCOMING, AppointmentStatus


class DoctorQuerySet(models.QuerySet):
    def bookable(self, on: date | None = None) -> "DoctorQuerySet":
        """Doctors whom a patient may book: active, in an open department, registration in force."""
        on = on or timezone.localdate()
        return self.filter(is_active=True, department__is_active=True, registration_expires_on__gte=on)

    def for_list(self) -> "DoctorQuerySet":
        return self.select_related("department").prefetch_related("languages")

    def matching(self, text: str) -> "DoctorQuerySet":
        """Every word of the search is found in the name, the specialization or the department."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(full_name__icontains=word)
                | Q(specialization__icontains=word)
                | Q(department__name__icontains=word)
            )
        return found


class WeeklyScheduleQuerySet(models.QuerySet):
    def valid_between(self, first: date, last: date) -> "WeeklyScheduleQuerySet":
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)


class ScheduleExceptionQuerySet(models.QuerySet):
    def overlapping(self, starts_at: datetime, ends_at: datetime) -> "ScheduleExceptionQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class AppointmentQuerySet(AuditedQuerySet):
    @logs_reads
    def visible_to(self, user) -> "AppointmentQuerySet":
        """All for the desk, a doctor's own, those of a nurse's doctors, and those of cared-for patients.

        Who may only pay for a patient sees the bills, not the visits and what they are about.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("scheduling.view_every_appointment"):
            return self
        guardianships = Guardianship.objects.in_force().filter(
            Q(may_book=True) | Q(may_see_records=True), user=user
        )
        grounds = Q(patient_id__in=guardianships.values("patient_id"))
        if user.is_staff:
            assisted = self.model.doctor.field.related_model.objects.filter(nurses__user=user).values("pk")
            grounds |= Q(doctor__user=user) | Q(doctor_id__in=assisted)
        return self.filter(grounds)

    def changeable_by(self, user) -> "AppointmentQuerySet":
        """Appointments that `user` may move, edit or cancel as their patient's carer or as the desk."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("scheduling.book_for_others"):
            return self
        booked_for = Guardianship.objects.in_force().filter(user=user, may_book=True)
        return self.filter(patient_id__in=booked_for.values("patient_id"))

    def holding(self) -> "AppointmentQuerySet":
        return self.filter(status__in=HOLDING)

    def upcoming(self, now: datetime | None = None) -> "AppointmentQuerySet":
        """Still to come or going on; a hold that has run out is not."""
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
