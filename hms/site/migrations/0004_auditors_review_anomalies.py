"""Granted the roles again; see 0002."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0003_roles_see_notifications"),
        ("audit", "0004_anomalies"),
    ]
