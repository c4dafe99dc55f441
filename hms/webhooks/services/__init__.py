from hms.webhooks.services.deliveries import (
    forget_old,
    note_answer,
    queue_event,
    send_again,
)
from hms.webhooks.services.endpoints import (
    delete_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    save_endpoint,
    secrets_of,
    send_test,
    switch_endpoint,
)

__all__ = [
    "delete_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "forget_old",
    "note_answer",
    "queue_event",
    "rotate_secret",
    "save_endpoint",
    "secrets_of",
    "send_again",
    "send_test",
    "switch_endpoint",
]
