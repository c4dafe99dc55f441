from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hms.api.services import forget_answers
from hms.core.jobs import add_job, counted


def add_jobs() -> None:
    forget = counted(forget_answers, "%d answers deleted")
    add_job("forget-answers", _("Delete the kept answers of the API"), timedelta(hours=1), forget)
