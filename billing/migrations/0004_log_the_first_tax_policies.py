"""Took the first tax policies into the log, which knows them from the start now; kept for its place in the order."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_indexes_for_lists"),
        ("audit", "0002_tamper_evidence"),
    ]
