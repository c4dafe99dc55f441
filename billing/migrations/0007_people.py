import hms.core.folded
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_gateway_messages_are_logged'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='taxclass',
            name='billing_tax_class_changes_once_a_day',
        ),
        migrations.AddField(
            model_name='taxclass',
            name='code_key',
            field=hms.core.folded.FoldedKey('code', editable=False, max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='taxpolicy',
            name='code_key',
            field=hms.core.folded.FoldedKey('code', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name='taxclass',
            constraint=models.UniqueConstraint(fields=('code_key', 'valid_from'), name='billing_tax_class_changes_once_a_day'),
        ),
    ]
