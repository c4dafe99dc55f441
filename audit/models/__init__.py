from audit.models.anomaly import Anomaly
from audit.models.archive import AuditArchive
from audit.models.event import Action, AuditEvent, Outcome
from audit.models.hold import AuditHold
from audit.models.seal import AuditSeal
from audit.models.subject import AuditSubject

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
