"""Made the first tax policies, which is done after `migrate` now; kept for its place in the order."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
