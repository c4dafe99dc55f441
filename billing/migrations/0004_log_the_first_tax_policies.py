"""The tax policies came by a migration, past the log; it takes them in as they are."""

from django.db import migrations

MODELS = ("billing.TaxClass", "billing.TaxPolicy", "billing.TaxRule", "billing.BillingProfile")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_indexes_for_lists"),
        ("audit", "0002_tamper_evidence"),
    ]
    operations = []
    adopts = dict.fromkeys(MODELS, "Came with the software")  # see docs/adr/0026
