"""Through the application the log is append-only."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models.deletion import Collector

from audit.capture.recorder import record_event
from audit.exceptions import LogIsAppendOnly
from audit.models import Action, AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U01")]


def save(event):
    event.save()


def save_a_field(event):
    event.save(update_fields=["reason"])


def save_under_its_key(event):
    AuditEvent(pk=event.pk, action=Action.LOGIN).save()


def delete(event):
    event.delete()


def update(_event):
    AuditEvent.objects.update(reason="other")


def update_by_base_manager(event):
    AuditEvent._base_manager.filter(pk=event.pk).update(reason="other")


def bulk_update(event):
    AuditEvent.objects.bulk_update([event], ["reason"])


def delete_query_set(_event):
    AuditEvent.objects.all().delete()


def raw_delete(_event):
    AuditEvent.objects.all()._raw_delete("default")


def collect_and_delete(event):
    collector = Collector(using="default", origin=AuditEvent.objects.all())
    collector.collect(AuditEvent.objects.filter(pk=event.pk))
    collector.delete()


def update_or_create(event):
    AuditEvent.objects.update_or_create(pk=event.pk, defaults={"reason": "other"})


def upsert(event):
    AuditEvent.objects.bulk_create(
        [AuditEvent(pk=event.pk, action=Action.LOGIN, reason="other")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["reason"],
    )


WAYS = [
    *(save, save_a_field, delete, update, update_by_base_manager, bulk_update),
    *(delete_query_set, raw_delete, collect_and_delete, update_or_create, upsert),
]


@pytest.mark.parametrize("way", WAYS)
def test_an_entry_is_neither_changed_nor_deleted(way, log):
    record_event(Action.EXPORT, reason="first")
    event = log.event()
    event.reason = "other"

    with pytest.raises(LogIsAppendOnly) as refusal, transaction.atomic():
        way(event)

    assert refusal.value.code == "log_is_append_only"
    assert log.event().reason == "first"


def test_an_entry_does_not_take_the_place_of_another(log, django_assert_num_queries):
    record_event(Action.EXPORT, reason="first")
    event = log.event()

    with pytest.raises(IntegrityError, match=r"(?i)unique|duplicate"), django_assert_num_queries(1):
        save_under_its_key(event)


def test_nobody_can_be_given_the_right_to_change_the_log():
    of_log = Permission.objects.filter(content_type=ContentType.objects.get_for_model(AuditEvent))

    assert [permission.codename for permission in of_log] == ["view_auditevent"]
