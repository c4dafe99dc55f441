from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from scheduling.querysets import NoShowModelQuerySet

MOST_EXTRA_PLACES = 10
MOST_RISK_PERCENT = 30


class NoShowModel(Audited):
    """The coefficients of one fit, and how well it foretold visits; the one activated last is in use."""

    log_name = "name"

    name = models.CharField(_("name"), max_length=80)
    coefficients = models.JSONField(_("coefficients"))
    data_until = models.DateField(_("last day of its data"))
    visits = models.PositiveIntegerField(_("visits in its data"))
    report = models.JSONField(_("report"), null=True, blank=True)
    created_at = models.DateTimeField(_("fitted at"), default=timezone.now, editable=False)
    # Counts the activations: unlike times, numbers are in order whatever the clock said.
    activation = models.PositiveIntegerField(unique=True, null=True, editable=False)
    activated_at = models.DateTimeField(_("activated at"), null=True, editable=False)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("activated by"),
    )

    objects = NoShowModelQuerySet.as_manager()

    class Meta(Audited.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("no-show model")
        verbose_name_plural = _("no-show models")

    def __str__(self):
        return self.name

    @property
    def is_active(self) -> bool:
        return NoShowModel.objects.active() == self


class OverbookingRule(Audited):
    """Lets the front desk book extra patients into a doctor's full sessions; without a rule it is off."""

    doctor = models.OneToOneField(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        related_name="overbooking_rule",
        verbose_name=_("doctor"),
    )
    extra_places = models.PositiveSmallIntegerField(
        _("extra places"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_EXTRA_PLACES)],
        help_text=_("At most so many patients more than a session has places."),
    )
    most_risk_percent = models.PositiveSmallIntegerField(
        _("accepted risk in percent"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_RISK_PERCENT)],
        help_text=_("How likely it may be that more patients come than the session has places."),
    )

    class Meta(Audited.Meta):
        ordering = ["doctor"]
        verbose_name = _("overbooking rule")
        verbose_name_plural = _("overbooking rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(extra_places__gte=1, extra_places__lte=MOST_EXTRA_PLACES),
                name="scheduling_extra_places_are_1_to_10",
            ),
            models.CheckConstraint(
                condition=Q(most_risk_percent__gte=1, most_risk_percent__lte=MOST_RISK_PERCENT),
                name="scheduling_overbooking_risk_is_1_to_30_percent",
            ),
        ]

    def __str__(self):
        return str(self.doctor)
