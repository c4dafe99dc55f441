"""All writes of messages. `by` is the acting person or SYSTEM."""

from hms.notifications.services.choices import choose_messages, decline_message
from hms.notifications.services.message_templates import delete_message_template, save_message_template
from hms.notifications.services.outbox import (
    ATTEMPTS,
    forget_texts,
    language_of,
    mark_failed,
    mark_outdated,
    mark_sent,
    queue_notification,
    subject_and_body,
    take_back,
    try_again,
)
from hms.notifications.services.reminders import note_reminders
from hms.notifications.services.visit_events import note_event, write_messages

__all__ = [
    "ATTEMPTS",
    "choose_messages",
    "decline_message",
    "delete_message_template",
    "forget_texts",
    "language_of",
    "mark_failed",
    "mark_outdated",
    "mark_sent",
    "note_event",
    "note_reminders",
    "queue_notification",
    "save_message_template",
    "subject_and_body",
    "take_back",
    "try_again",
    "write_messages",
]
