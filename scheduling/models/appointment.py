from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope
from hms.core.constraints import before, one_of
from hms.core.fingerprints import fingerprint_of
from hms.core.references import new_reference
from scheduling.offer_links import link_to_offer
from scheduling.querysets import ARRIVES_BEFORE, ENTERED_WITHIN, AppointmentQuerySet, missed_before
from scheduling.statuses import (
    HERE,
    AppointmentStatus,
    BookingSource,
    MissedBecause,
    VisitKind,
    VisitMode,
    name_of_place,
)

# What a page shows of a booking, and what every button and form that changes it therefore relies on.
WHAT_WAS_BOOKED = ("status", "starts_at", "doctor", "visit_kind")


def last_change_before(starts_at: datetime) -> datetime:
    """Until when patients may move or cancel a booking of this time."""
    return starts_at - timedelta(minutes=settings.BOOKING["cancel_notice_minutes"])


class Appointment(PatientOwned):
    """One patient's time with one doctor, from the hold to the end of the visit; never deleted."""

    view_every_permission = "scheduling.view_every_appointment"
    # Carers who may only pay see the bills, but not the visits and their symptoms.
    guardian_scopes = (Scope.BOOK, Scope.SEE_RECORDS)
    log_private = ("symptoms", "desk_note", "asked_of_desk", "missed_words")
    log_exclude = ("told_late_minutes",)  # what was sent is in the log
    access_created = _("Booked an appointment for %(whom)s")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    patient = models.ForeignKey(
        "accounts.Patient",
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("patient"),
    )
    doctor = models.ForeignKey(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("doctor"),
        db_index=False,
    )
    branch = models.ForeignKey(
        "scheduling.Branch",
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("branch"),
    )
    starts_at = models.DateTimeField(_("starts at"), db_index=True)
    ends_at = models.DateTimeField(_("ends at"))
    seat = models.PositiveSmallIntegerField(default=0, editable=False)
    mode = models.CharField(_("mode"), max_length=10, choices=VisitMode, default=VisitMode.IN_PERSON)
    visit_kind = models.CharField(_("kind of visit"), max_length=9, choices=VisitKind, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=AppointmentStatus, default=AppointmentStatus.HELD
    )
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    symptoms = models.TextField(_("symptoms"), blank=True, max_length=1000)
    source = models.CharField(_("booked by way of"), max_length=8, choices=BookingSource)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("booked by"),
    )
    overbooking_reason = models.CharField(_("reason for overbooking"), max_length=200, blank=True)
    cancellation_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    desk_note = models.TextField(_("note of the desk"), blank=True, max_length=500)
    asked_of_desk = models.CharField(_("asked of the front desk"), max_length=200, blank=True)
    asked_of_desk_at = models.DateTimeField(null=True, editable=False, db_index=True)
    missed_because = models.CharField(
        _("why it was missed"), max_length=12, choices=MissedBecause, blank=True, editable=False
    )
    missed_words = models.CharField(_("in the patient's words"), max_length=300, blank=True, editable=False)
    video_consent_at = models.DateTimeField(_("consented to video at"), null=True, editable=False)
    video_consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Up to how many minutes of lateness of the doctor its people have been told.
    told_late_minutes = models.PositiveSmallIntegerField(default=0, editable=False)
    token_on = models.DateField(_("token's day"), null=True, blank=True, editable=False)
    token = models.PositiveSmallIntegerField(_("token"), null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(_("calendar revision"), default=0, editable=False)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    booked_at = models.DateTimeField(_("booked at"), null=True, editable=False)
    # When the patient's side last said that the patient comes at this time.
    coming_at = models.DateTimeField(_("said to be coming"), null=True, editable=False)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-starts_at", "pk"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [
            # All that figures about many visits read, so that they need not read the rows.
            models.Index(
                fields=["starts_at", "status", "doctor", "branch", "patient", "ends_at", "booked_at"],
                name="scheduling_visits_of_days",
            ),
            models.Index(fields=["doctor", "starts_at"], name="scheduling_doctor_day"),
            models.Index(fields=["status", "ends_at"], name="scheduling_visits_by_status"),
            models.Index(
                fields=["patient", "ends_at", "status", "starts_at"], name="scheduling_visits_of_patient"
            ),
        ]
        permissions = [
            ("view_every_appointment", _("Can see everybody's appointments")),
            ("book_for_others", _("Can book, move and cancel for any patient")),
            ("overbook", _("Can overbook a time with a reason")),
            ("view_no_show_risk", _("Can see how likely patients are not to come")),
            ("manage_own_bookings", _("Can book, move and cancel for oneself as a doctor, and enter leave")),
            ("run_consultation", _("Can start and complete consultations")),
            ("check_in", _("Can check patients in")),
            ("view_symptoms", _("Can read what patients wrote about their symptoms")),
        ]
        constraints = [
            before("starts_at", "ends_at", "scheduling_appointment_ends_after_it_starts"),
            one_of("status", AppointmentStatus, "scheduling_appointment_status_exists"),
            one_of("mode", VisitMode, "scheduling_appointment_mode_exists"),
            models.CheckConstraint(
                condition=Q(status=AppointmentStatus.HELD, held_until__isnull=False)
                | (~Q(status=AppointmentStatus.HELD) & Q(held_until__isnull=True)),
                name="scheduling_only_a_hold_has_an_end_of_hold",
            ),
            models.CheckConstraint(
                condition=Q(visit_kind__in=["", *VisitKind.values]), name="scheduling_visit_kind_exists"
            ),
            models.CheckConstraint(
                condition=Q(missed_because__in=["", *MissedBecause.values]),
                name="scheduling_missed_because_exists",
            ),
            models.CheckConstraint(
                condition=Q(asked_of_desk="", asked_of_desk_at__isnull=True)
                | (~Q(asked_of_desk="") & Q(asked_of_desk_at__isnull=False)),
                name="scheduling_what_is_asked_of_the_desk_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(token__isnull=True) | Q(token_on__isnull=False),
                name="scheduling_token_belongs_to_a_day",
            ),
            models.UniqueConstraint(
                fields=["doctor", "token_on", "token"], name="scheduling_token_is_given_once_a_day"
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def place(self) -> str:
        return name_of_place(self.branch.name, self.mode)

    def get_absolute_url(self):
        return reverse("scheduling:show-appointment", args=[self.reference])

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """A doctor's own appointments, of doctors whom they cover now, or with whom a nurse works.

        Who will cover a leave sees its appointments in advance, and no others of that doctor. Lists of keys,
        each found by joins: with lists of doctors, SQLite reads all appointments.
        """
        visits = cls.objects.order_by()
        lists = (
            visits.filter(doctor__user=user),
            visits.filter(doctor__nurses__user=user),
            visits.covered_at(timezone.now(), user),
            visits.to_be_covered_by(user),
        )
        return reduce(or_, (Q(pk__in=found.values("pk")) for found in lists))

    def get_finish_url(self):
        """The page that books a held time; it shows prices and belongs to a higher layer.

        One held by an offer is taken on the page of the offer.
        """
        if self.source == BookingSource.OFFER:
            return link_to_offer(self.offer)
        return reverse(settings.FINISH_BOOKING_URL, args=[self.reference])

    @property
    def shown(self) -> str:
        """The fingerprint that the buttons on a page carry."""
        return fingerprint_of(self, WHAT_WAS_BOOKED)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_current(self) -> bool:
        """As `AppointmentQuerySet.current`, apart from an expired hold."""
        if self.status == AppointmentStatus.BOOKED:
            return self.ends_at > missed_before(timezone.now())
        return self.status in HERE or (
            self.status == AppointmentStatus.HELD and self.ends_at > timezone.now()
        )

    def may_arrive(self, at: datetime) -> bool:
        """On its day, from a few hours before it (which may be the day before), and some days later."""
        is_its_day = timezone.localdate(at) == timezone.localdate(self.starts_at)
        return is_its_day or self.starts_at - ARRIVES_BEFORE <= at <= self.starts_at + ENTERED_WITHIN

    @property
    def change_until(self) -> datetime:
        return last_change_before(self.starts_at)

    @property
    def is_too_late_to_change(self) -> bool:
        return timezone.now() > self.change_until

    @property
    def hold_has_expired(self) -> bool:
        return self.status == AppointmentStatus.HELD and self.held_until <= timezone.now()

    @property
    def was_not_booked_in_time(self) -> bool:
        """Whether its hold has run out, marked as expired or not yet."""
        return self.status == AppointmentStatus.EXPIRED or self.hold_has_expired
