from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.constraints import one_of
from hms.notifications.querysets import VisitEventQuerySet
from hms.notifications.statuses import Kind
from scheduling.statuses import AppointmentStatus

# The status in which a visit is what an event says of it.
TRUE_IN = {
    Kind.BOOKED: AppointmentStatus.BOOKED,
    Kind.MOVED: AppointmentStatus.BOOKED,
    Kind.CANCELLED: AppointmentStatus.CANCELLED,
    Kind.REMINDER: AppointmentStatus.BOOKED,
    Kind.DOCTOR_LATE: AppointmentStatus.BOOKED,
    Kind.REVIEW_ASKED: AppointmentStatus.COMPLETED,
}
AFTER_THE_VISIT = frozenset({Kind.REVIEW_ASKED})


class VisitEvent(models.Model):
    """What people are told of a visit: a booking, move or cancellation, or a reminder that is due.

    It is written once, with the fact; from it and from the visit as it then is, the worker writes messages.
    """

    appointment = models.ForeignKey(
        "scheduling.Appointment", on_delete=models.PROTECT, related_name="+", verbose_name=_("appointment")
    )
    kind = models.CharField(_("about"), max_length=24, choices=Kind)
    # The time, and the revision of the calendar entry, that this is about; 0: of any revision.
    starts_at = models.DateTimeField(_("time of the visit"))
    sequence = models.PositiveIntegerField(default=0)
    # How long before the visit a reminder is sent, or how late the doctor is.
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    was_at = models.DateTimeField(_("time before the move"), null=True)
    is_by_patient = models.BooleanField(_("by the patient's side"), default=True)
    created_at = models.DateTimeField(_("time of the event"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = VisitEventQuerySet.as_manager()

    class Meta:
        default_permissions = []
        ordering = ["pk"]
        verbose_name = _("event of a visit")
        verbose_name_plural = _("events of visits")
        indexes = [models.Index(fields=["done_at", "due_at"], name="notifications_events_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "kind", "starts_at", "sequence", "minutes"],
                name="notifications_event_of_a_visit_happens_once",
            ),
            one_of("kind", Kind, "notifications_event_kind_exists"),
        ]

    def __str__(self):
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_true(self) -> bool:
        """Whether the visit still is as the event says, so that telling people of it is right."""
        visit = self.appointment
        is_same = visit.starts_at == self.starts_at and visit.sequence == (self.sequence or visit.sequence)
        is_in_time = self.kind in AFTER_THE_VISIT or visit.starts_at > timezone.now()
        return is_same and is_in_time and visit.status == TRUE_IN[self.kind]
