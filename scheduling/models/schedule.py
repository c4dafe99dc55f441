from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import before, one_of
from scheduling.cells import CELL_MINUTES, on_the_grid
from scheduling.querysets import ScheduleExceptionQuerySet, WeeklyScheduleQuerySet
from scheduling.statuses import ExceptionKind, VisitMode

SLOT_LENGTHS = [(minutes, _("%d minutes") % minutes) for minutes in range(CELL_MINUTES, 125, CELL_MINUTES)]
LARGEST_SESSION = 50


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Session(Audited):
    """The slot length, capacity and mode for a stretch of time."""

    branch = models.ForeignKey(
        "scheduling.Branch", on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    slot_minutes = models.PositiveSmallIntegerField(_("slot length"), choices=SLOT_LENGTHS, default=15)
    capacity = models.PositiveSmallIntegerField(_("patients per slot"), default=1)
    mode = models.CharField(_("mode"), max_length=10, choices=VisitMode, default=VisitMode.IN_PERSON)
    room = models.CharField(
        _("room"),
        blank=True,
        max_length=30,
        help_text=_("For token slips and the screen of the waiting room."),
    )

    class Meta:
        abstract = True


class WeeklySchedule(Session):
    """One shift of a doctor that repeats every week while valid, in the hospital's local time."""

    doctor = models.ForeignKey(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        related_name="schedules",
        verbose_name=_("doctor"),
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    starts_at = models.TimeField(_("from"), validators=[on_the_grid])
    ends_at = models.TimeField(
        _("until"), validators=[on_the_grid], help_text=_("23:59 lasts until midnight.")
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty: no end.")
    )

    objects = WeeklyScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["doctor", "weekday", "starts_at"]
        verbose_name = _("weekly schedule")
        verbose_name_plural = _("weekly schedules")
        indexes = [models.Index(fields=["doctor", "weekday"], name="scheduling_shift_by_day")]
        constraints = [
            before("starts_at", "ends_at", "scheduling_shift_ends_after_it_starts"),
            one_of("weekday", Weekday, "scheduling_shift_is_on_a_weekday"),
            one_of("mode", VisitMode, "scheduling_shift_mode_exists"),
            models.CheckConstraint(
                condition=Q(slot_minutes__in=[minutes for minutes, _label in SLOT_LENGTHS]),
                name="scheduling_shift_slot_is_whole_cells",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=LARGEST_SESSION),
                name="scheduling_shift_capacity_is_1_to_50",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="scheduling_shift_validity_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.doctor}: {self.get_weekday_display()} {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"


class ScheduleException(Session):
    """Leave, a holiday or a doctor's extra session: a stretch that differs from the week."""

    log_private = ("reason",)

    kind = models.CharField(_("kind"), max_length=8, choices=ExceptionKind)
    doctor = models.ForeignKey(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exceptions",
        verbose_name=_("doctor"),
    )
    department = models.ForeignKey(
        "scheduling.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exceptions",
        verbose_name=_("department"),
    )
    branch = models.ForeignKey(
        "scheduling.Branch",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("branch"),
        help_text=_("For extra sessions."),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), db_index=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    covered_by = models.ForeignKey(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("covered by"),
        help_text=_("During one doctor's leave, this doctor sees the records of that doctor's patients."),
    )

    objects = ScheduleExceptionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "pk"]
        verbose_name = _("schedule exception")
        verbose_name_plural = _("schedule exceptions")
        constraints = [
            before("starts_at", "ends_at", "scheduling_exception_ends_after_it_starts"),
            one_of("kind", ExceptionKind, "scheduling_exception_kind_exists"),
            models.CheckConstraint(
                condition=Q(doctor__isnull=True) | Q(department__isnull=True),
                name="scheduling_exception_is_for_a_doctor_or_a_department",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ExceptionKind.EXTRA) | Q(doctor__isnull=False, branch__isnull=False),
                name="scheduling_extra_session_has_a_doctor_and_a_branch",
            ),
            models.CheckConstraint(
                condition=Q(covered_by__isnull=True)
                | (Q(kind=ExceptionKind.LEAVE, doctor__isnull=False) & ~Q(covered_by=F("doctor"))),
                name="scheduling_another_doctor_covers_the_leave_of_one_doctor",
            ),
        ]

    def __str__(self):
        whom = self.doctor or self.department or _("everyone")
        return f"{self.get_kind_display()}: {whom}"
