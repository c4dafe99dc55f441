"""Doctors and nurses keep the allergies of those whom they treat."""

from django.db import migrations

from hms.site.roles import grant_roles


def grant(apps, schema_editor):
    grant_roles(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0004_auditors_review_anomalies"),
        ("clinical", "0001_allergies"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
