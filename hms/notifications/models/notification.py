from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned
from hms.core.constraints import one_of
from hms.core.references import new_reference
from hms.notifications.querysets import NotificationQuerySet
from hms.notifications.statuses import Channel, Kind, NotificationStatus


class Notification(PatientOwned):
    """One message to one person, written in the transaction of the change that it reports and sent later."""

    view_every_permission = "notifications.view_notification"
    guardian_scopes = ()  # the text is private to the recipient
    # The text is private to the recipient, and a log entry per attempt would say nothing about the patient.
    # The log does cover that a message was written, sent, given up or retried.
    log_exclude = (
        *("subject", "body", "calendar", "dlt_template_id"),
        *("attempts", "due_at", "last_error"),
    )
    access_nouns = (_("message"), _("messages"))
    access_created = _("Caused a message about %(whom)s")
    access_changed = _("Sent, or tried to send, a message about %(whom)s")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    # The event that it reports, for example "refund/3KQ7..."; each event is reported once.
    idempotency_key = models.CharField(max_length=80, unique=True, editable=False)
    kind = models.CharField(_("about"), max_length=24, choices=Kind)
    channel = models.CharField(_("by"), max_length=8, choices=Channel, default=Channel.EMAIL)
    recipient = models.CharField(_("to"), max_length=254, db_index=True)
    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("patient"),
    )  # fmt: skip
    # What it tells of a visit: it is not sent any more once that has ceased to be true.
    event = models.ForeignKey(
        "notifications.VisitEvent", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    calendar = models.TextField(blank=True, editable=False)  # a file for the reader's calendar
    dlt_template_id = models.CharField(max_length=30, blank=True, editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=NotificationStatus, default=NotificationStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(
        _("due at"), default=timezone.now, null=True,
        help_text=_("Waiting: when it is sent next. Otherwise: when its text is deleted."),
    )  # fmt: skip
    last_error = models.CharField(_("last error"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False, db_index=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [models.Index(fields=["status", "due_at"], name="notifications_what_is_due")]
        constraints = [
            one_of("kind", Kind, "notifications_kind_exists"),
            one_of("channel", Channel, "notifications_channel_exists"),
            one_of("status", NotificationStatus, "notifications_status_exists"),
            models.CheckConstraint(
                condition=Q(status=NotificationStatus.SENT, sent_at__isnull=False)
                | (~Q(status=NotificationStatus.SENT) & Q(sent_at__isnull=True)),
                name="notifications_what_was_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=NotificationStatus.WAITING) | Q(due_at__isnull=False),
                name="notifications_what_waits_has_a_time",
            ),
        ]

    def __str__(self):
        return self.reference
