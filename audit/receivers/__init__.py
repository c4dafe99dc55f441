"""Connects the log to signals; senders are named, so other models are not slowed down."""

from audit.capture.reads import log_denied
from audit.capture.registry import registered_models, with_proxies
from audit.receivers import people, relations, rows
from audit.signals import model_registered
from hms.core.signals import access_denied


def listen() -> None:
    """Listen to registered models, now and later, to logins and to refused accesses."""
    people.listen()
    access_denied.connect(log_denied, dispatch_uid="audit.denials")
    model_registered.connect(_listen_to, dispatch_uid="audit")
    for model in registered_models():
        _listen_to(model)


def _listen_to(sender, **_kwargs) -> None:
    rows.write_atomically(sender)
    for model in with_proxies(sender):
        rows.listen(model)
    relations.listen(sender)


def stop_listening(model) -> None:
    """Undo what registering `model` connected."""
    for one in with_proxies(model):
        rows.stop_listening(one)
    relations.stop_listening(model)
