"""Granted the roles, which is done after each `migrate` now; kept for its place in the order."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0001_cache_table"),
        ("audit", "0002_tamper_evidence"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
