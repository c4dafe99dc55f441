"""docs/states.md is drawn from the tables of allowed steps, so that it cannot lie."""

from audit import statuses as audit
from billing import statuses as billing
from hms.notifications import statuses as notifications
from hms.site.drawn import DrawCommand
from scheduling import statuses as scheduling

TABLES = [
    ("Appointment", scheduling.AppointmentStatus, scheduling.STEPS),
    ("Invoice", billing.InvoiceStatus, billing.INVOICE_STEPS),
    ("Payment", billing.PaymentStatus, billing.PAYMENT_STEPS),
    ("Refund", billing.RefundStatus, billing.REFUND_STEPS),
    ("Anomaly", audit.AnomalyStatus, audit.ANOMALY_STEPS),
    ("Notification", notifications.NotificationStatus, notifications.NOTIFICATION_STEPS),
]
HEAD = """# States

Drawn by `manage.py draw_states` from the tables of allowed steps; do not edit.
"""


class Command(DrawCommand):
    help = "Draw docs/states.md from the tables of allowed steps."
    document = "states.md"

    def draw(self) -> str:
        return "\n".join([HEAD, *[draw(*table) for table in TABLES]])


def draw(name: str, statuses, steps) -> str:
    """One table as a Mermaid state diagram; a status without a next step is an end."""
    lines = [f"## {name}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {status.value} : {status.label}" for status in statuses]
    for status in statuses:
        allowed = [following for following in statuses if following in steps[status]]
        lines += [f"    {status.value} --> {following.value}" for following in allowed]
        lines += [] if allowed else [f"    {status.value} --> [*]"]
    return "\n".join([*lines, "```", ""])
