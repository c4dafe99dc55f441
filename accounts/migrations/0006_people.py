
import hms.core.folded
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_one_own_patient'),
    ]

    operations = [
        migrations.AddField(
            model_name='language',
            name='code_key',
            field=hms.core.folded.FoldedKey('code', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='language',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='language',
            name='name',
            field=models.CharField(max_length=40, verbose_name='name'),
        ),
    ]
