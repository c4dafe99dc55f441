from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hms.core.jobs import add_job, counted
from hms.reports.keeping import keep_months
from hms.reports.scheduled import queue_reports


def add_jobs() -> None:
    write = counted(queue_reports, "%d reports written")
    add_job("write-reports", _("Write scheduled reports"), timedelta(minutes=10), write)
    keep = counted(keep_months, "%d sums of past months kept")
    add_job("keep-report-months", _("Add up past months for reports"), timedelta(minutes=10), keep)
