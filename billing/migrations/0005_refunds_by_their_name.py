
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0004_log_the_first_tax_policies'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='gatewayevent',
            options={'base_manager_name': 'objects', 'ordering': ['-received_at', '-pk'], 'verbose_name': 'gateway message', 'verbose_name_plural': 'gateway messages'},
        ),
        migrations.AlterModelOptions(
            name='payment',
            options={'base_manager_name': 'objects', 'ordering': ['-created_at', '-pk'], 'permissions': [('take_payment', 'Can take payments at the desk'), ('refund_payment', 'Can refund money')], 'verbose_name': 'payment', 'verbose_name_plural': 'payments'},
        ),
        migrations.AlterField(
            model_name='payment',
            name='refunded_amount',
            field=models.DecimalField(decimal_places=2, default=0, help_text='Including what is still on its way back.', max_digits=11, verbose_name='refunded'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='status',
            field=models.CharField(choices=[('pending', 'On its way'), ('processed', 'Refunded'), ('failed', 'Failed')], default='pending', max_length=16, verbose_name='status'),
        ),
    ]
