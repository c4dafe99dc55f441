from django.db import models
from django.utils.translation import gettext_lazy as _


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
