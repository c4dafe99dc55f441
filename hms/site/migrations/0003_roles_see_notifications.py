"""Granted the roles again; see 0002."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0002_roles"),
        ("notifications", "0001_initial"),
        ("audit", "0002_tamper_evidence"),
    ]
