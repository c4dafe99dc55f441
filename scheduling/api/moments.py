from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.moments import parse_moment

DAY_FIRST = "%d/%m/%Y %H:%M:%S"


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentField(serializers.Field):
    """ISO 8601, without offset in the hospital's time; `27/11/2026 09:30:00` in the hospital's time too."""

    default_error_messages = {
        "invalid": _("Give a moment like 2026-11-27T09:30:00+05:30 or 27/11/2026 09:30:00."),
    }

    def to_internal_value(self, data) -> datetime:
        moment = (_day_first(data) or parse_moment(data)) if isinstance(data, str) else None
        if moment is None:
            self.fail("invalid")
        return moment

    def to_representation(self, value: datetime) -> str:
        return timezone.localtime(value).isoformat()


def _day_first(text: str) -> datetime | None:
    try:
        return parse_moment(datetime.strptime(text.strip(), DAY_FIRST).isoformat())  # noqa: DTZ007
    except ValueError:
        return None
