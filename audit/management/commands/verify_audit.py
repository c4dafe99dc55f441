import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import chain
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date

from audit.evidence.seals import NotCheckpoints, newest_seal, read_checkpoints
from audit.evidence.verification.chain import check_archives, check_chain, check_checkpoints, check_file
from audit.evidence.verification.derived import all_checks
from audit.evidence.verification.findings import Finding
from audit.evidence.verification.log import LogCheck
from audit.evidence.verification.rows import check_missing, check_rows, tables
from audit.management.audited import AuditedCommand, add_checkpoints_argument
from audit.management.progress import progress_bar
from audit.models import AuditEvent, AuditSeal
from audit.signing.identifiers import key_at

MOST_SHOWN = 50  # of one kind


class Command(AuditedCommand):
    help = "Report every entry, seal and row that is not as it was written."

    def add_arguments(self, parser):
        add_checkpoints_argument(parser, "file of checkpoints")
        parser.add_argument("--json", action="store_true", help="one finding per line, then a summary")
        parser.add_argument(
            "--archive",
            type=Path,
            action="append",
            default=[],
            help="a file of archive_audit; can be repeated",
        )
        parser.add_argument("--since", help="read the log from this day on (2026-03-31, UTC)")
        parser.add_argument("--log-only", action="store_true", help="do not compare the tables with the log")
        parser.add_argument("--no-progress", action="store_true")

    def handle(self, **options):
        self.hidden, self.as_json = options["no_progress"], options["json"]
        since, checkpoints = first_key(options["since"]), self._checkpoints(options["checkpoints"])
        number, seals = AuditEvent.objects.filter(pk__gte=since).count(), AuditSeal.objects.count()
        counts: Counter[str] = Counter()
        files = chain.from_iterable(map(check_file, options["archive"]))
        found = self._findings(checkpoints, since, number, log_only=options["log_only"])
        for finding in chain(files, found):
            counts[finding.kind.value] += 1
            self._show(finding, counts[finding.kind.value])
        summary = {
            "entries": number,
            "seals": seals,
            "checkpoints": len(checkpoints),
            "findings": sum(counts.values()),
        }
        self._sum_up(summary, counts)
        if counts:
            raise SystemExit(1)

    def _findings(self, checkpoints, since: int, number: int, *, log_only: bool) -> Iterator[Finding]:
        yield from check_chain()
        yield from check_checkpoints(checkpoints)
        yield from check_archives()
        with progress_bar("Log", number, hidden=self.hidden) as step:
            yield from LogCheck(since, step).findings()
        if log_only:
            return
        rows = sum(table.model._base_manager.count() for table in tables())
        with progress_bar("Rows", rows, hidden=self.hidden) as step:
            yield from check_rows(step)
        with progress_bar("Missing rows", None, hidden=self.hidden) as step:
            yield from check_missing(step)
        for label, check in all_checks():
            with progress_bar(label, None, hidden=self.hidden) as step:
                yield from check(step)

    def _show(self, finding: Finding, number: int) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(finding.as_dict()))
        elif number <= MOST_SHOWN:
            self.stdout.write(str(finding))

    def _sum_up(self, summary: dict[str, int], counts: Counter[str]) -> None:
        if self.as_json:
            self.stdout.write(json.dumps({"summary": summary | {"kinds": dict(counts)}}))
            return
        for kind, number in counts.items():
            if number > MOST_SHOWN:
                self.stdout.write(f"... and {number - MOST_SHOWN:,} more of the kind {kind}.")
        result = f"{summary['findings']:,} findings." if counts else "Everything is as it was written."
        self.stdout.write(f"{summary['entries']:,} entries, {summary['seals']:,} seals. {result}")
        if newest_seal() is None:
            self.stdout.write(
                "Nothing is sealed yet: run seal_audit, and keep checkpoints outside the database."
            )
        elif not summary["checkpoints"]:
            self.stdout.write(
                "Without --checkpoints it cannot be seen whether the end of the log is missing."
            )

    def _checkpoints(self, path: Path | None) -> list:
        try:
            return read_checkpoints(path) if path else []
        except (OSError, NotCheckpoints) as error:
            raise CommandError(f"The checkpoints cannot be read: {error}") from error


def first_key(since: str | None) -> int:
    if since is None:
        return 0
    day = parse_date(since)
    if day is None:
        raise CommandError("--since must be a day like 2026-03-31.")
    return key_at(datetime.combine(day, time.min, tzinfo=UTC))
