"""Auditors close anomalies, administrators see them."""

from django.db import migrations

from hms.site.roles import grant_roles


def grant(apps, schema_editor):
    grant_roles(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0003_roles_see_notifications"),
        ("audit", "0004_anomalies"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
