"""Logs saved and deleted rows; the state before is read from the database, not from the instance.

An instance may be stale. One SELECT by primary key, under the lock that the UPDATE needs anyway, is not;
a new row needs none.
"""

import functools

from django.db import models, router, transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from audit.capture import changes
from audit.capture.recorder import write
from audit.capture.registry import registration_of
from audit.capture.rows import locked_row, row_of


def remember_row(sender, instance, using, update_fields, **_kwargs) -> None:
    registration = registration_of(sender)
    if registration is None:
        return
    fields = registration.all_fields
    if update_fields is not None:
        fields = registration.logged(update_fields)
    row = None
    if fields and not _is_new(instance):
        row = locked_row(instance, registration, fields, using)
    # A stack, because a receiver in between may save the instance again.
    instance.__dict__.setdefault("_before_save", []).append((fields, row))


def log_saved_row(sender, instance, using, created: bool, **_kwargs) -> None:
    registration = registration_of(sender)
    if registration is None:
        return
    fields, row = instance._before_save.pop()
    entry = None
    if created:
        entry = changes.created(registration, instance, using)
    elif fields:
        after = changes.values_after(registration, fields, instance, using)
        before = row or row_of(instance, registration) | dict.fromkeys(after)
        entry = changes.updated(registration, fields, before, after, using)
    if entry is not None:
        write([entry], using=using)


def remember_deleted_row(sender, instance, using, origin, **_kwargs) -> None:
    """Rows collected by a query were just read; an instance deleted directly may be stale."""
    registration = registration_of(sender)
    if registration is None:
        return
    if origin is instance or instance.get_deferred_fields():
        row = locked_row(instance, registration, registration.all_fields, using)
    else:
        row = row_of(instance, registration)
    instance._before_delete = None if row is None else changes.deleted(registration, row)


def log_deleted_row(instance, using, **_kwargs) -> None:
    entry = instance.__dict__.pop("_before_delete", None)
    if entry is not None:
        write([entry], using=using)


CONNECTIONS = (
    (pre_save, remember_row),
    (post_save, log_saved_row),
    (pre_delete, remember_deleted_row),
    (post_delete, log_deleted_row),
)


def listen(model: type[models.Model]) -> None:
    for signal, receiver in CONNECTIONS:
        signal.connect(receiver, sender=model)


def stop_listening(model: type[models.Model]) -> None:
    for signal, receiver in CONNECTIONS:
        signal.disconnect(receiver, sender=model)


def write_atomically(model: type[models.Model]) -> None:
    """Save a row and its entry in one transaction.

    Without an open transaction Django sends `post_save` after the row is committed, so `save_base` gets one.
    Deleting has one already.
    """
    if hasattr(model.save_base, "is_atomic"):
        return
    save_base = model.save_base

    @functools.wraps(save_base)
    def atomic_save_base(self, *args, using=None, **kwargs):
        using = using or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using, savepoint=False):
            return save_base(self, *args, using=using, **kwargs)

    atomic_save_base.is_atomic = True
    model.save_base = atomic_save_base


def _is_new(instance: models.Model) -> bool:
    """Whether Django will INSERT without trying an UPDATE first."""
    has_key = instance._is_pk_set()
    return instance._state.adding and (not has_key or instance._meta.pk.has_default())
