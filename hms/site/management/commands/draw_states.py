"""docs/states.md is drawn from the tables of allowed steps, so that it cannot lie."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import statuses as audit
from billing import statuses as billing
from clinical import statuses as clinical
from hms.notifications import statuses as notifications
from scheduling import statuses as scheduling

TABLES = [
    ("Appointment", scheduling.AppointmentStatus, scheduling.STEPS),
    ("Invoice", billing.InvoiceStatus, billing.INVOICE_STEPS),
    ("Payment", billing.PaymentStatus, billing.PAYMENT_STEPS),
    ("Refund", billing.RefundStatus, billing.REFUND_STEPS),
    ("Allergy", clinical.AllergyStatus, clinical.ALLERGY_STEPS),
    ("Anomaly", audit.AnomalyStatus, audit.ANOMALY_STEPS),
    ("Notification", notifications.NotificationStatus, notifications.NOTIFICATION_STEPS),
]
HEAD = """# States

Drawn by `manage.py draw_states` from the tables of allowed steps; do not edit.
"""


class Command(BaseCommand):
    help = "Draw docs/states.md from the tables of allowed steps."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where the file is stale"
        )

    def handle(self, *, check: bool, **_options):
        path: Path = settings.BASE_DIR / "docs" / "states.md"
        drawn = "\n".join([HEAD, *[draw(*table) for table in TABLES]])
        if check and (not path.exists() or path.read_text() != drawn):
            raise CommandError("docs/states.md is stale: run `manage.py draw_states`.")
        if not check:
            path.write_text(drawn)
            self.stdout.write(f"{len(TABLES)} tables drawn in {path.relative_to(settings.BASE_DIR)}.")


def draw(name: str, statuses, steps) -> str:
    """One table as a Mermaid state diagram; a status without a next step is an end."""
    lines = [f"## {name}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value} : {status.label}" for status in statuses]
    for status in statuses:
        allowed = [following for following in statuses if following in steps[status]]
        lines += [f"    {status.value} --> {following.value}" for following in allowed]
        lines += [] if allowed else [f"    {status.value} --> [*]"]
    return "\n".join([*lines, "```", ""])
