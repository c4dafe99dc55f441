"""Notifications are logged from now on; those that are there are taken in as they are."""

from django.db import migrations

from audit.evidence.adoption import adopt_rows


def adopt(apps, schema_editor):
    adopt_rows("notifications.Notification", reason="Notifications are logged from now on", apps=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("audit", "0004_anomalies"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="notification",
            options={
                "base_manager_name": "objects",
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
            },
        ),
        migrations.RunPython(adopt, migrations.RunPython.noop),
    ]
