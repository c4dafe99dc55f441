"""A group for each role, with the permissions of `hms.site.roles`."""

from django.db import migrations

from hms.site.roles import grant_roles


def grant(apps, schema_editor):
    grant_roles(using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("hospital_site", "0001_cache_table"),
        ("audit", "0002_tamper_evidence"),  # who was given which right is logged
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
