"""Exports the selected entries as CSV or JSON, one line each; the export is logged."""

import csv
import json
from collections.abc import Iterator

from django.contrib import admin
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.capture.recorder import Subject, record_event
from audit.models import Action, AuditEvent
from audit.reading.diff import changes_for_auditors
from audit.reading.search import is_key
from hms.core.tables.cells import cell_of

CHUNK = 2000
COLUMNS = [
    *("id", "action", "outcome", "actor_id", "actor_label", "actor_roles", "on_behalf_of"),
    *("source", "origin", "address", "request_id", "model", "object_pk", "object_repr"),
    *("patient_id", "reason", "changes", "details"),
]


@admin.action(permissions=["view"], description=_("Export selected entries as CSV"))
def export_as_csv(_admin, request, queryset) -> StreamingHttpResponse:
    return _file(request, queryset, "csv", "text/csv; charset=utf-8", lines(queryset))


@admin.action(permissions=["view"], description=_("Export selected entries as JSON lines"))
def export_as_json(_admin, request, queryset) -> StreamingHttpResponse:
    return _file(request, queryset, "jsonl", "application/x-ndjson", json_lines(queryset))


def _file(request, queryset, suffix: str, kind: str, content: Iterator[str]) -> StreamingHttpResponse:
    record_event(
        Action.EXPORT,
        subject=Subject(AuditEvent._meta.label_lower, patient_id=_patient(request)),
        details={"entries": queryset.count(), "filters": request.GET.dict(), "format": suffix},
    )
    name = f"log-{timezone.localtime():%Y%m%d-%H%M%S}.{suffix}"
    return StreamingHttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def lines(queryset) -> Iterator[str]:
    """One line per entry, in UTC and in the hospital's time."""
    writer = csv.writer(_Echo())
    yield writer.writerow(["recorded_at_utc", "recorded_at_local", *COLUMNS])
    for event in queryset.iterator(chunk_size=CHUNK):
        cells = _values(event).values()
        yield writer.writerow([*_times(event), *map(_cell, cells)])


def json_lines(queryset) -> Iterator[str]:
    """One object per entry, with the columns of the CSV file and unescaped values."""
    for event in queryset.iterator(chunk_size=CHUNK):
        times = dict(zip(("recorded_at_utc", "recorded_at_local"), _times(event), strict=True))
        yield json.dumps(times | _values(event), ensure_ascii=False) + "\n"


def _values(event: AuditEvent) -> dict:
    return {column: getattr(event, column) for column in COLUMNS} | {"changes": changes_for_auditors(event)}


def _times(event: AuditEvent) -> list[str]:
    return [event.recorded_at.isoformat(), timezone.localtime(event.recorded_at).isoformat()]


def _cell(value) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return cell_of("" if value is None else str(value))


def _patient(request) -> int | None:
    given = request.GET.get("patient_id", "")
    return int(given) if is_key(given) else None


class _Echo:
    """A file whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line
