from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hms.core.admin import ReadOnlyAdmin
from hms.core.jobs import jobs
from hms.jobs.models import JobRun
from hms.jobs.running import PAUSE_AFTER_TROUBLE


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    """When each background job ran last, and whether it is late."""

    list_display = ["label", "state", "every", "started_at", "ended_at", "due_at", "outcome", "outcome_at"]
    list_display_links = None
    fields = ["name", "started_at", "ended_at", "due_at", "failures", "outcome", "outcome_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(name__in=jobs)

    @admin.display(description=_("job"), ordering="name")
    def label(self, row: JobRun) -> str:
        return str(row)

    @admin.display(description=_("state"))
    def state(self, row: JobRun) -> str:
        if row.failures:
            return gettext("failed %d times") % row.failures if row.failures > 1 else gettext("failed")
        is_late = timezone.now() - row.due_at > PAUSE_AFTER_TROUBLE
        return gettext("late: is a worker running?") if is_late else gettext("on time")

    @admin.display(description=_("every"))
    def every(self, row: JobRun) -> str:
        return str(jobs[row.name].every)
