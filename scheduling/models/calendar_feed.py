from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import one_of
from hms.core.references import new_reference
from scheduling.querysets import CalendarFeedQuerySet
from scheduling.statuses import FeedKind


class CalendarFeed(Audited):
    """The right to read a login's visits with a calendar program, at an address that nobody else knows.

    The address is shown once; what is kept is its hash.
    """

    log_masked = ("key_hash",)

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("login")
    )
    kind = models.CharField(_("visits"), max_length=8, choices=FeedKind)
    shows_names = models.BooleanField(_("with the names of patients"), default=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta(Audited.Meta):
        ordering = ["-created_at", "-pk"]
        default_permissions = []
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            one_of("kind", FeedKind, "scheduling_feed_kind_exists"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=models.F("created_at")),
                name="scheduling_feed_is_revoked_after_it_is_made",
            ),
        ]

    def __str__(self):
        return self.reference
