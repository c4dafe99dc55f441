"""The gateway's messages are logged from now on; those that exist are adopted after `migrate`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_log_the_first_tax_policies"),
        ("audit", "0004_anomalies"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="gatewayevent",
            options={
                "base_manager_name": "objects",
                "ordering": ["-received_at", "-pk"],
                "verbose_name": "gateway message",
                "verbose_name_plural": "gateway messages",
            },
        ),
    ]
