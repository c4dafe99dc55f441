from audit.admin.anomalies import AnomalyAdmin
from audit.admin.events import AuditEventAdmin

__all__ = ["AnomalyAdmin", "AuditEventAdmin"]
