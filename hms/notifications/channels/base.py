from hms.notifications.models import Notification


class Undeliverable(Exception):
    """The message was refused for good, for example because the address does not exist."""


class Sender:
    """Sends the messages of one round; errors of the service are `OSError`, others are faults of a message.

    Every call has a time-out, and none is made in a transaction.
    """

    def open(self) -> None:
        """Connect; also called again after `close`."""

    def send(self, row: Notification) -> None:
        """Hand over one message; raises `Undeliverable` if trying again is of no use."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the connection, whatever has happened to it."""

    def is_connected_after(self, error: OSError) -> bool:  # noqa: ARG002 - for subclasses
        """Whether the service has answered with the error and takes the next message."""
        return True


def in_short(error: BaseException) -> str:
    """The error without the service's text, which may repeat the recipient's address."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '') or getattr(error, 'code', '')}".strip()
