from django.db import models
from django.utils.translation import gettext_lazy as _

from hms.core.jobs import jobs


class JobRun(models.Model):
    """When a job ran last and is due next; workers claim a run by postponing `due_at`."""

    name = models.CharField(_("job"), max_length=40, unique=True)
    due_at = models.DateTimeField(_("due at"))
    started_at = models.DateTimeField(_("last started at"), null=True)
    ended_at = models.DateTimeField(_("last ended at"), null=True)
    failures = models.PositiveIntegerField(_("failures since the last success"), default=0)
    # of the last run that did something or failed
    outcome = models.CharField(_("last outcome"), max_length=200, blank=True)
    outcome_at = models.DateTimeField(_("time of the outcome"), null=True)

    class Meta:
        default_permissions = ["view"]
        ordering = ["name"]
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")

    def __str__(self):
        job = jobs.get(self.name)
        return str(job.label) if job else self.name
