"""Keys that are known before the row, keyed hashes, seals and archives; what is there is hashed."""

import base64
import datetime
import hmac
import json

import audit.signing.identifiers
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.utils.ipv6 import clean_ipv6_address

BATCH = 500
# The form of an entry under its hash, as it was at this migration: it must not follow the code of today.
COLUMNS = (
    *("id", "action", "outcome", "actor_id", "actor_label", "actor_roles", "on_behalf_of", "source"),
    *("origin", "address", "request_id", "model", "object_pk", "object_repr", "patient_id"),
    *("changes", "details", "reason", "key_version"),
)


def newest_key():
    keys = dict(item.split(":", 1) for item in settings.AUDIT_KEYS)
    version = max(map(int, keys), default=0)
    if version:
        key = base64.b64decode({int(number): text for number, text in keys.items()}[version])
    else:
        key = hmac.digest(settings.SECRET_KEY.encode(), b"audit log, version 0", "sha256")
    return version, hmac.digest(key, b"rows", "sha256")


def mac_of(row, key):
    content = {name: row[name] for name in COLUMNS if row[name]}
    recorded_at = row["recorded_at"].astimezone(datetime.timezone.utc)
    content["recorded_at"] = recorded_at.isoformat(timespec="microseconds")
    if ":" in (row["address"] or ""):
        content["address"] = clean_ipv6_address(row["address"])
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()


def hash_what_is_there(apps, schema_editor):
    """Vouch from now on for the entries that were written before there were hashes."""
    rows = apps.get_model("audit", "AuditEvent").objects.using(schema_editor.connection.alias)
    quote = schema_editor.connection.ops.quote_name
    statement = (
        f"UPDATE {quote('audit_auditevent')} SET {quote('mac')} = %s, {quote('key_version')} = %s"
        f" WHERE {quote('id')} = %s"
    )
    version, key = newest_key()
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values(*COLUMNS, "recorded_at")[:BATCH]):
        last = batch[-1]["id"]
        signed = [
            (mac_of(row | {"key_version": version}, key), version, row["id"]) for row in batch
        ]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(statement, signed)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patient_id', models.BigIntegerField(blank=True, help_text='Empty: everybody', null=True, verbose_name='patient')),
                ('begins_at', models.DateTimeField(blank=True, null=True, verbose_name='from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='placed at')),
                ('released_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='released at')),
            ],
            options={
                'verbose_name': 'legal hold',
                'verbose_name_plural': 'legal holds',
                'ordering': ['-placed_at'],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='auditevent',
            name='key_version',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='version of the key'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='mac',
            field=models.CharField(default='', max_length=64, verbose_name='keyed hash'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('create', 'Created'), ('update', 'Changed'), ('delete', 'Deleted'), ('read', 'Read'), ('search', 'Searched'), ('print', 'Printed'), ('download', 'Downloaded'), ('export', 'Exported'), ('login', 'Logged in'), ('login_failed', 'Login failed'), ('logout', 'Logged out'), ('sign_up', 'Signed up'), ('credentials', 'Changed how to log in'), ('permission_change', 'Changed rights'), ('settings_change', 'Changed settings'), ('carry', 'Carried over'), ('archive', 'Archived'), ('purge', 'Purged')], max_length=20, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='id',
            field=audit.signing.identifiers.TimeOrderedKey(default=audit.signing.identifiers.new_key, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name='AuditArchive',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('first_id', models.BigIntegerField(verbose_name='first entry')),
                ('last_id', models.BigIntegerField(verbose_name='last entry')),
                ('count', models.PositiveIntegerField(verbose_name='entries')),
                ('keys', models.BinaryField(verbose_name='keys')),
                ('root', models.CharField(max_length=64, verbose_name='hash of the entries')),
                ('key_version', models.PositiveSmallIntegerField(verbose_name='version of the key')),
                ('mac', models.CharField(max_length=64, verbose_name='keyed hash')),
                ('category', models.CharField(max_length=20, verbose_name='category')),
                ('actions', models.CharField(max_length=400, verbose_name='actions')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('exported_at', models.DateTimeField(verbose_name='exported at')),
                ('exported_by', models.CharField(max_length=200, verbose_name='exported by')),
            ],
            options={
                'verbose_name': 'archive of the log',
                'verbose_name_plural': 'archives of the log',
                'ordering': ['number'],
                'default_permissions': ('view',),
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['first_id', 'last_id'], name='audit_archive_by_entries')],
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('first_id', models.BigIntegerField(verbose_name='first entry')),
                ('last_id', models.BigIntegerField(verbose_name='last entry')),
                ('count', models.PositiveIntegerField(verbose_name='entries')),
                ('keys', models.BinaryField(verbose_name='keys')),
                ('root', models.CharField(max_length=64, verbose_name='hash of the entries')),
                ('key_version', models.PositiveSmallIntegerField(verbose_name='version of the key')),
                ('mac', models.CharField(max_length=64, verbose_name='keyed hash')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed at')),
                ('total', models.PositiveBigIntegerField(verbose_name='entries in all')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='seal before')),
            ],
            options={
                'verbose_name': 'seal of the log',
                'verbose_name_plural': 'seals of the log',
                'ordering': ['number'],
                'default_permissions': ('view',),
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['last_id'], name='audit_seal_by_last_entry')],
            },
        ),
        migrations.RunPython(hash_what_is_there, migrations.RunPython.noop),
    ]
