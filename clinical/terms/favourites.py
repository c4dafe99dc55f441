"""Which diagnoses a doctor and the doctor's department make most often."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from clinical.models import Diagnosis
from clinical.terms.index import Counts
from scheduling.models import Doctor

PERIOD = timedelta(days=180)
KEPT_SECONDS = 600


def favourites_of(doctor: Doctor | None) -> list[Counts]:
    """How often the doctor and the department made each diagnosis in the last half year, by code.

    The counts are kept for ten minutes, as the search asks for them at each key.
    """
    if doctor is None:
        return []
    key = f"favourite-diagnoses-{doctor.pk}-{doctor.department_id}"
    return cache.get_or_set(key, lambda: _counts(doctor), KEPT_SECONDS)


def _counts(doctor: Doctor) -> list[Counts]:
    of_doctor = {"encounter__appointment__doctor": doctor}
    of_department = {"encounter__appointment__doctor__department": doctor.department_id}
    recent = Diagnosis.objects.exclude(code="").filter(
        encounter__appointment__starts_at__gte=timezone.now() - PERIOD
    )
    return [
        dict(recent.filter(**whose).order_by().values_list("code").annotate(Count("pk")))
        for whose in (of_doctor, of_department)
    ]
