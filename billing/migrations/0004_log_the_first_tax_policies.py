"""The tax policies came by a migration, past the log; it takes them in as they are."""

from django.db import migrations

from audit.evidence.adoption import adopt_rows

MODELS = ("billing.TaxClass", "billing.TaxPolicy", "billing.TaxRule", "billing.BillingProfile")


def adopt(apps, schema_editor):
    for label in MODELS:
        adopt_rows(label, reason="Came with the software", apps=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_indexes_for_lists"),
        ("audit", "0002_tamper_evidence"),
    ]
    operations = [migrations.RunPython(adopt, migrations.RunPython.noop)]
