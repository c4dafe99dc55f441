from hms.notifications.models.declined import DeclinedMessage
from hms.notifications.models.message_template import MessageTemplate
from hms.notifications.models.notification import Notification
from hms.notifications.models.visit_event import VisitEvent

__all__ = ["DeclinedMessage", "MessageTemplate", "Notification", "VisitEvent"]
