from audit.models.anomaly import Anomaly
from audit.models.event import Action, AuditEvent, AuditSubject, Outcome
from audit.models.hold import AuditHold
from audit.models.sealed import AuditArchive, AuditSeal

__all__ = [
    "Action",
    "Anomaly",
    "AuditArchive",
    "AuditEvent",
    "AuditHold",
    "AuditSeal",
    "AuditSubject",
    "Outcome",
]
