"""People who wait for a time, and times that are held for somebody who has not asked for them."""

from datetime import date, time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope
from hms.core.constraints import one_of
from hms.core.references import new_reference
from scheduling.cells import LAST_MINUTE
from scheduling.statuses import OfferStatus, VisitKind, VisitMode, WaitingStatus, WaitingUrgency
from scheduling.waiting_querysets import OfferQuerySet, WaitingListQuerySet

VIEW_EVERY = "scheduling.view_every_appointment"


class WaitingListEntry(PatientOwned):
    """One patient waiting for a time of a doctor, or of any doctor of a department."""

    view_every_permission = VIEW_EVERY
    guardian_scopes = (Scope.BOOK,)
    access_created = _("Put %(whom)s on the waiting list")
    access_changed = _("Changed %(whose)s place on the waiting list")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="+", verbose_name=_("patient")
    )
    doctor = models.ForeignKey(
        "scheduling.Doctor", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("doctor"),
    )  # fmt: skip
    department = models.ForeignKey(
        "scheduling.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("department"), help_text=_("For any of its doctors."),
    )  # fmt: skip
    visit_kind = models.CharField(_("kind of visit"), max_length=9, choices=VisitKind, blank=True)
    branch = models.ForeignKey(
        "scheduling.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("branch"), help_text=_("Empty: any branch."),
    )  # fmt: skip
    mode = models.CharField(
        _("mode"), max_length=10, choices=VisitMode, blank=True, help_text=_("Empty: in person or video.")
    )
    first_day = models.DateField(_("from day"), default=timezone.localdate)
    last_day = models.DateField(_("until day"))
    earliest = models.TimeField(_("not before"), default=time.min)
    latest = models.TimeField(_("not after"), default=LAST_MINUTE)
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), choices=WaitingUrgency, default=WaitingUrgency.ROUTINE
    )
    status = models.CharField(
        _("status"), max_length=10, choices=WaitingStatus, default=WaitingStatus.WAITING, editable=False
    )
    # Patient and whom they wait for, while they wait: nobody waits twice for the same.
    waiting_key = models.CharField(max_length=48, unique=True, null=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("added by"),
    )  # fmt: skip
    joined_at = models.DateTimeField(_("waiting since"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = WaitingListQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-urgency", "joined_at", "pk"]
        verbose_name = _("waiting list entry")
        verbose_name_plural = _("waiting list")
        indexes = [models.Index(fields=["status", "last_day"], name="scheduling_waiting_by_status")]
        constraints = [
            one_of("status", WaitingStatus, "scheduling_waiting_status_exists"),
            one_of("urgency", WaitingUrgency, "scheduling_waiting_urgency_exists"),
            models.CheckConstraint(
                condition=Q(mode__in=["", *VisitMode.values]), name="scheduling_waiting_mode_exists"
            ),
            models.CheckConstraint(
                condition=Q(visit_kind__in=["", *VisitKind.values]), name="scheduling_waiting_kind_exists"
            ),
            models.CheckConstraint(
                condition=Q(doctor__isnull=True, department__isnull=False)
                | Q(doctor__isnull=False, department__isnull=True),
                name="scheduling_waiting_is_for_a_doctor_or_a_department",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="scheduling_waiting_days_are_in_order"
            ),
            models.CheckConstraint(
                condition=Q(latest__gte=F("earliest")), name="scheduling_waiting_hours_are_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status=WaitingStatus.WAITING, waiting_key__isnull=False, ended_at__isnull=True)
                | (~Q(status=WaitingStatus.WAITING) & Q(waiting_key__isnull=True, ended_at__isnull=False)),
                name="scheduling_waiting_ends_with_its_key",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def whom_for(self) -> str:
        return self.doctor.full_name if self.doctor else self.department.name

    @property
    def is_any_hour(self) -> bool:
        return self.earliest == time.min and self.latest >= LAST_MINUTE

    def key(self) -> str:
        whom = f"doctor/{self.doctor_id}" if self.doctor_id else f"department/{self.department_id}"
        return f"{self.patient_id}/{whom}"

    def is_of(self, doctor) -> bool:
        """Whether they wait for this doctor (`pk` and `department_id`)."""
        return doctor.pk == self.doctor_id or doctor.department_id == self.department_id

    def suits(self, day: date, clock: time, branch_id: int, mode: str) -> bool:
        """Whether a visit may begin then and there."""
        is_then = self.first_day <= day <= self.last_day and self.earliest <= clock <= self.latest
        return is_then and self.branch_id in (None, branch_id) and self.mode in ("", mode)


class Offer(PatientOwned):
    """A time held for a patient: from the waiting list, or instead of a visit outside working hours.

    Its hold is an appointment like any other. An offer that ends otherwise than by being accepted frees it.
    """

    view_every_permission = VIEW_EVERY
    guardian_scopes = (Scope.BOOK,)
    access_created = _("Offered %(whom)s a time")
    access_changed = _("Settled an offer of a time for %(whom)s")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="+", verbose_name=_("patient")
    )
    entry = models.ForeignKey(
        WaitingListEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="offers",
        verbose_name=_("waiting list entry"),
    )  # fmt: skip
    displaced = models.ForeignKey(
        "scheduling.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("visit outside working hours"),
    )  # fmt: skip
    hold = models.OneToOneField(
        "scheduling.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="offer",
        verbose_name=_("offered time"),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=12, choices=OfferStatus, default=OfferStatus.OPEN, editable=False
    )
    # The entry or the visit, until the offer is settled: there is one offer at a time for each.
    open_key = models.CharField(max_length=32, unique=True, null=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("settled by"),
    )  # fmt: skip

    objects = OfferQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-made_at", "pk"]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        indexes = [models.Index(fields=["status", "made_at"], name="scheduling_offer_by_status")]
        constraints = [
            one_of("status", OfferStatus, "scheduling_offer_status_exists"),
            models.CheckConstraint(
                condition=Q(entry__isnull=True, displaced__isnull=False)
                | Q(entry__isnull=False, displaced__isnull=True),
                name="scheduling_offer_is_for_an_entry_or_a_visit",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[OfferStatus.OPEN, OfferStatus.ACCEPTED]) | Q(hold__isnull=False),
                name="scheduling_open_offer_holds_a_time",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def is_cascade(self) -> bool:
        """Whether it is for a visit outside working hours."""
        return self.displaced_id is not None

    @property
    def can_be_taken(self) -> bool:
        """Whether its time is still held."""
        return self.status == OfferStatus.OPEN and not self.hold.hold_has_expired

    def key(self) -> str:
        return f"visit/{self.displaced_id}" if self.is_cascade else f"entry/{self.entry_id}"
