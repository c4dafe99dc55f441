"""The log and its anomalies in the staff site; nothing of the log can be changed here."""

from audit.admin.anomalies import AnomalyAdmin
from audit.admin.events import AuditEventAdmin

__all__ = ["AnomalyAdmin", "AuditEventAdmin"]
