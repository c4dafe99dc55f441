from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.constraints import one_of
from hms.core.fingerprints import fingerprint_of
from hms.core.references import new_reference
from hms.webhooks.models.endpoint import Endpoint
from hms.webhooks.querysets import DeliveryQuerySet
from hms.webhooks.statuses import DeliveryStatus, Event


class Delivery(models.Model):
    """One event for one address, written in the transaction of the event and sent later."""

    # Also the `webhook-id`, which stays the same each time it is sent.
    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.CharField(_("event"), max_length=40, choices=Event)
    body = models.TextField(_("body"))
    status = models.CharField(
        _("status"), max_length=9, choices=DeliveryStatus, default=DeliveryStatus.WAITING
    )
    created_at = models.DateTimeField(_("time of the event"), default=timezone.now, db_index=True)
    due_at = models.DateTimeField(_("due at"), default=timezone.now, null=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Since when it is tried without success; a day later it is given up.
    tried_since = models.DateTimeField(_("tried since"), null=True)
    tried_at = models.DateTimeField(_("last tried at"), null=True)
    answer = models.PositiveSmallIntegerField(_("last answer"), null=True, help_text=_("A status of HTTP."))
    error = models.CharField(_("last error"), max_length=80, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        default_permissions = ["view"]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [models.Index(fields=["status", "due_at"], name="webhooks_what_is_due")]
        constraints = [
            one_of("status", DeliveryStatus, "webhooks_delivery_status_exists"),
            models.CheckConstraint(
                condition=~Q(status=DeliveryStatus.WAITING) | Q(due_at__isnull=False),
                name="webhooks_what_waits_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=DeliveryStatus.DELIVERED) | Q(delivered_at__isnull=False),
                name="webhooks_what_was_delivered_has_a_time",
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def shown(self) -> str:
        """What its button carries: the status beside which it was shown."""
        return fingerprint_of(self, ["status"])
