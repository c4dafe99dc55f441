from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey, NamedOnce
from hms.core.references import new_reference
from hms.webhooks.querysets import EndpointQuerySet
from hms.webhooks.statuses import EndpointStatus, WhyDisabled, require_topics


class Endpoint(Audited, NamedOnce):
    """An address of another system that is told of events, and how it has answered of late."""

    log_name = "name"
    log_masked = ("secret", "old_secret")
    log_exclude = ("failures", "failing_since", "rests_until", "last_success_at")

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)
    url = models.CharField(
        _("address"), max_length=500,
        help_text=_("https://… of the other system. Redirects are not followed."),
    )  # fmt: skip
    events = models.JSONField(_("events"), default=list, validators=[require_topics])
    status = models.CharField(
        _("status"), max_length=8, choices=EndpointStatus, default=EndpointStatus.ACTIVE, editable=False
    )
    disabled_because = models.CharField(
        _("disabled"), max_length=16, choices=WhyDisabled, blank=True, editable=False
    )
    # Encrypted; the second one also signs until its time, so that a receiver can change over.
    secret = models.CharField(max_length=255, editable=False)
    old_secret = models.CharField(max_length=255, blank=True, editable=False)
    old_secret_until = models.DateTimeField(_("old secret also signs until"), null=True, editable=False)
    created_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    rests_until = models.DateTimeField(_("not asked until"), null=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta(Audited.Meta):
        ordering = ["name"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            one_of("status", EndpointStatus, "webhooks_endpoint_status_exists"),
            models.CheckConstraint(
                condition=Q(status=EndpointStatus.ACTIVE, disabled_because="")
                | Q(status=EndpointStatus.DISABLED, disabled_because__in=WhyDisabled.values),
                name="webhooks_only_what_is_disabled_says_why",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def state(self) -> str:
        """The status in words, with the reason if it is disabled."""
        words = self.get_status_display()
        return f"{words}: {self.get_disabled_because_display()}" if self.disabled_because else words
