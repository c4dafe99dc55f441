from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope
from hms.core.constraints import one_of
from hms.notifications.statuses import Channel, Kind


class DeclinedMessage(PatientOwned):
    """A kind of message that is not wanted about a patient by one channel."""

    view_every_permission = "accounts.view_every_patient"
    guardian_scopes = (Scope.BOOK, Scope.SEE_RECORDS)
    access_nouns = (_("choice of messages"), _("choices of messages"))
    access_created = _("Declined messages about %(whom)s")

    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="declined_messages",
        verbose_name=_("patient"),
    )  # fmt: skip
    kind = models.CharField(_("about"), max_length=24, choices=Kind)
    channel = models.CharField(_("by"), max_length=8, choices=Channel)

    class Meta(PatientOwned.Meta):
        ordering = ["pk"]
        verbose_name = _("declined message")
        verbose_name_plural = _("declined messages")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind", "channel"], name="notifications_declined_once"
            ),
            one_of("kind", Kind, "notifications_declined_kind_exists"),
            one_of("channel", Channel, "notifications_declined_channel_exists"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_channel_display()}"
