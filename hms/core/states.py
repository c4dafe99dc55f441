"""Status moves by a table of allowed steps and in no other way."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class StepRefused(ValidationError):
    """The status table does not list the step that was asked for."""

    def __init__(self, current, wanted):
        super().__init__(
            _("This is %(current)s and cannot become %(wanted)s."),
            code="step_refused",
            params={"current": _label(current), "wanted": _label(wanted)},
        )


def require_step(steps: Mapping[str, Iterable[str]], current: str, wanted: str) -> None:
    """Refuse with `StepRefused` unless `steps` lists `wanted` after `current`."""
    if wanted not in steps[current]:
        raise StepRefused(type(wanted)(current), wanted)


def _label(status) -> str:
    return str(getattr(status, "label", status)).lower()
