from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import one_of


class Report(models.Model):
    """Has no table: it carries the permissions, and is what the log says was read or exported."""

    class Meta:
        managed = False
        default_permissions = ()
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        permissions = [
            ("view_visits", _("Can see reports about bookings and visits")),
            ("view_performance", _("Can see reports about the work of each doctor and department")),
            ("view_money", _("Can see reports about bills and payments")),
            ("view_clinical", _("Can see reports about diagnoses, tests and outcomes")),
            ("view_laboratory", _("Can see reports about the laboratory")),
        ]

    def __str__(self):
        return str(self._meta.verbose_name)


class Figures(models.TextChoices):
    DAY = "day", _("Day close, every morning")
    WEEK = "week", _("Weekly summary, on Mondays")


class ReportSubscription(Audited):
    """A member of staff who gets figures by e-mail; only numbers, and only those that the person may see."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name=_("login"),
    )
    kind = models.CharField(_("figures"), max_length=4, choices=Figures)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta(Audited.Meta):
        ordering = ["kind", "user"]
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        constraints = [
            one_of("kind", Figures, "reports_scheduled_report_kind_exists"),
            models.UniqueConstraint(fields=["user", "kind"], name="reports_figures_go_to_a_login_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.user}"


class KeptMonth(models.Model):
    """What the rows of a month that is over add up to, for one part of the reports.

    The content is empty until it has been computed, and counts only while none of its days has changed.
    """

    part = models.CharField(max_length=30)
    first = models.DateField(db_index=True)  # triggers ask for the latest one
    content = models.JSONField(null=True)
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["part", "first"], name="reports_part_of_a_month_is_kept_once")
        ]

    def __str__(self):
        return f"{self.part} {self.first:%Y-%m}"


class ChangedDay(models.Model):
    """A day of the past whose rows have changed; written by triggers, with the change. In UTC."""

    day = models.DateField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.day}"
