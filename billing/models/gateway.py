from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientOwned, Scope
from billing.querysets import GatewayEventQuerySet
from billing.statuses import AMOUNT_DIFFERS, GatewayCode
from hms.core.constraints import one_of


class GatewayEvent(PatientOwned):
    """One processed message from a payment gateway; a unique index prevents processing it twice."""

    to_patient = "payment__invoice__patient_id"
    view_every_permission = "billing.view_gatewayevent"
    guardian_scopes = (Scope.PAY,)
    log_exclude = ("payload",)  # its effect on the payment is logged with the payment
    access_created = _("Recorded the bank's message about a payment for %(whom)s")

    gateway = models.CharField(_("gateway"), max_length=16, choices=GatewayCode)
    event_id = models.CharField(_("event"), max_length=64)
    kind = models.CharField(_("kind"), max_length=40)
    payment = models.ForeignKey(
        "billing.Payment", on_delete=models.PROTECT, related_name="events", verbose_name=_("payment")
    )
    outcome = models.CharField(_("what came of it"), max_length=40)
    payload = models.JSONField(_("message"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now, db_index=True)
    # Of a message about another amount than was asked for: who has dealt with it, and how.
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("seen by"),
    )  # fmt: skip
    seen_at = models.DateTimeField(_("seen at"), null=True)
    seen_note = models.CharField(_("note"), max_length=200, blank=True)

    objects = GatewayEventQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["-received_at", "-pk"]
        verbose_name = _("gateway message")
        verbose_name_plural = _("gateway messages")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="billing_gateway_event_counts_once"),
            one_of("gateway", GatewayCode, "billing_gateway_event_gateway_exists"),
            models.CheckConstraint(
                condition=Q(seen_by__isnull=True, seen_at__isnull=True, seen_note="")
                | (Q(seen_by__isnull=False, seen_at__isnull=False) & ~Q(seen_note="")),
                name="billing_seen_message_says_by_whom_and_why",
            ),
        ]

    def __str__(self):
        return f"{self.gateway}: {self.event_id}"

    @property
    def is_in_doubt(self) -> bool:
        """Whether the billing office has still to look at it."""
        return self.outcome == AMOUNT_DIFFERS and self.seen_at is None

    @property
    def amount(self) -> Decimal | None:
        """What the gateway says came, in rupees; None where it says nothing."""
        paise = self.payload.get("paise")
        return None if paise is None else Decimal(paise) / 100


class SimulatedDelivery(models.Model):
    """A message in the practice bank's outbox, signed, delivered or still waiting."""

    payment_reference = models.CharField(max_length=10, db_index=True)
    event_id = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    signature = models.CharField(max_length=64)
    due_at = models.DateTimeField(db_index=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("practice bank's message")
        verbose_name_plural = _("practice bank's messages")

    def __str__(self):
        return self.event_id
