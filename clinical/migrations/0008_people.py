import hms.core.folded
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0007_unknown_routes'),
        ('scheduling', '0009_people'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='medicine',
            name='clinical_medicine_is_in_the_formulary_once',
        ),
        migrations.RemoveConstraint(
            model_name='orderset',
            name='clinical_order_set_name_is_used_once',
        ),
        migrations.RemoveConstraint(
            model_name='orderset',
            name='clinical_department_order_set_name_is_used_once',
        ),
        migrations.RemoveConstraint(
            model_name='phrase',
            name='clinical_phrase_abbreviation_is_used_once',
        ),
        migrations.RemoveConstraint(
            model_name='phrase',
            name='clinical_department_phrase_abbreviation_is_used_once',
        ),
        migrations.RemoveConstraint(
            model_name='prescriptiontemplate',
            name='clinical_prescription_template_name_is_used_once',
        ),
        migrations.RemoveConstraint(
            model_name='prescriptiontemplate',
            name='clinical_department_prescription_template_name_is_used_once',
        ),
        migrations.AddField(
            model_name='ingredient',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='labpanel',
            name='code_key',
            field=hms.core.folded.FoldedKey('code', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='labpanel',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='labtest',
            name='code_key',
            field=hms.core.folded.FoldedKey('code', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='labtest',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='medicine',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='medicine',
            name='strength_key',
            field=hms.core.folded.FoldedKey('strength', editable=False, max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='orderset',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='phrase',
            name='name_key',
            field=hms.core.folded.FoldedKey('abbreviation', editable=False, max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='prescriptiontemplate',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name='ingredient',
            name='name',
            field=models.CharField(max_length=80, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='labpanel',
            name='name',
            field=models.CharField(max_length=80, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='labtest',
            name='name',
            field=models.CharField(max_length=80, verbose_name='name'),
        ),
        migrations.AddConstraint(
            model_name='medicine',
            constraint=models.UniqueConstraint(fields=('name_key', 'form', 'strength_key'), name='clinical_medicine_is_in_the_formulary_once'),
        ),
        migrations.AddConstraint(
            model_name='orderset',
            constraint=models.UniqueConstraint(fields=('doctor', 'name_key'), name='clinical_order_set_name_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='orderset',
            constraint=models.UniqueConstraint(fields=('department', 'name_key'), name='clinical_department_order_set_name_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.UniqueConstraint(fields=('doctor', 'name_key'), name='clinical_phrase_abbreviation_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.UniqueConstraint(fields=('department', 'name_key'), name='clinical_department_phrase_abbreviation_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='prescriptiontemplate',
            constraint=models.UniqueConstraint(fields=('doctor', 'name_key'), name='clinical_prescription_template_name_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='prescriptiontemplate',
            constraint=models.UniqueConstraint(fields=('department', 'name_key'), name='clinical_department_prescription_template_name_is_used_once'),
        ),
    ]
