"""Notifications are logged from now on; those that exist are adopted after `migrate`."""

from django.db import migrations


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
    ]
