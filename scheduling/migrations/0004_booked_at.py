from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0003_patient_coming")]
    operations = [
        migrations.AddField(
            model_name="appointment",
            name="booked_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="booked at"),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="status",
            field=models.CharField(
                choices=[
                    ("held", "Held"),
                    ("booked", "Booked"),
                    ("arrived", "Arrived"),
                    ("in_consultation", "In consultation"),
                    ("completed", "Completed"),
                    ("cancelled", "Cancelled"),
                    ("no_show", "No-show"),
                    ("expired", "Expired"),
                ],
                default="held",
                max_length=16,
                verbose_name="status",
            ),
        ),
    ]
