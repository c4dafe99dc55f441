"""Auditors and administrators see what was sent."""

from django.db import migrations

from hms.site.roles import grant_roles


def grant(apps, schema_editor):
    grant_roles(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0002_roles"),
        ("notifications", "0001_initial"),
        ("audit", "0002_tamper_evidence"),  # who was given which right is logged
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
