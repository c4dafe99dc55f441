from audit.admin.events import AuditEventAdmin

__all__ = ["AuditEventAdmin"]
