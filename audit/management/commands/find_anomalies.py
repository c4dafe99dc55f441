from datetime import date, timedelta

from django.utils import timezone

from audit.anomalies.finding import find_anomalies
from audit.management.audited import AuditedCommand


class Command(AuditedCommand):
    help = "Search the log for anomalies that auditors should review; run it hourly."

    def add_arguments(self, parser):
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            help="the first day to search, YYYY-MM-DD; default: yesterday",
        )

    def handle(self, *, since: date | None, **_options):
        found = find_anomalies(since=since or timezone.localdate() - timedelta(days=1))
        self.stdout.write(f"{found.new} new anomalies, {found.grown} that grew.")
