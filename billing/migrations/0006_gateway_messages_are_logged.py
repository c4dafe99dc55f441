from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_refunds_by_their_name")]
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
