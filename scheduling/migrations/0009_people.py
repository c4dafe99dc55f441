"""Contacts of doctors and nurses, keys of names, moments of departments, and a list of specializations.

Titles that were one but for case, accents and blanks become one specialization, spelt as most doctors had it.
"""

from collections import Counter, defaultdict

import django.db.models.deletion
import hms.core.folded
import phonenumber_field.modelfields
from django.db import migrations, models

WRITES = ("create", "update", "carry")


def list_specializations(apps, schema_editor):
    """Make a list of what was typed, and let the doctors refer to it."""
    doctors, listed = apps.get_model("scheduling", "Doctor").objects, apps.get_model("scheduling", "Specialization")
    key, spellings = listed._meta.get_field("name_key"), defaultdict(Counter)
    for title in doctors.order_by("pk").values_list("title", flat=True):
        spellings[key.key_of(title or "-")][title] += 1
    for known in spellings.values():
        [(name, _count)] = known.most_common(1)
        row = listed.objects.create(name=" ".join(name.split()) or "-")
        for title in known:
            doctors.filter(title=title).update(specialization=row)


def type_specializations(apps, schema_editor):
    for row in apps.get_model("scheduling", "Specialization").objects.all():
        row.doctors.update(title=row.name)


def take_moments_from_log(apps, schema_editor):
    events = apps.get_model("audit", "AuditEvent").objects
    departments = apps.get_model("scheduling", "Department").objects
    for row in departments.all():
        of_row = events.filter(model="scheduling.department", object_pk=str(row.pk), action__in=WRITES)
        moments = list(of_row.order_by("pk").values_list("recorded_at", "action"))
        if moments:
            created_at = moments[0][0] if moments[0][1] == "create" else None
            departments.filter(pk=row.pk).update(created_at=created_at, changed_at=moments[-1][0])


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0008_bookings'),
        ('audit', '0004_anomalies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Specialization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_key', hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'specialization',
                'verbose_name_plural': 'specializations',
                'ordering': ['name'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='branch',
            name='code_key',
            field=hms.core.folded.FoldedKey('code', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='branch',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='department',
            name='changed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='changed'),
        ),
        migrations.AddField(
            model_name='department',
            name='created_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='created'),
        ),
        migrations.AddField(
            model_name='department',
            name='name_key',
            field=hms.core.folded.FoldedKey('name', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='department',
            name='slug_key',
            field=hms.core.folded.FoldedKey('slug', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='doctor',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        migrations.AddField(
            model_name='doctor',
            name='email_is_public',
            field=models.BooleanField(default=False, verbose_name='show the e-mail address to patients'),
        ),
        migrations.AddField(
            model_name='doctor',
            name='phone',
            field=phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None, verbose_name='phone'),
        ),
        migrations.AddField(
            model_name='doctor',
            name='phone_is_public',
            field=models.BooleanField(default=False, verbose_name='show the phone number to patients'),
        ),
        migrations.AddField(
            model_name='doctor',
            name='registration_key',
            field=hms.core.folded.FoldedKey('registration_number', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='nurse',
            name='degree',
            field=models.CharField(blank=True, max_length=120, verbose_name='degrees'),
        ),
        migrations.AddField(
            model_name='nurse',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        migrations.AddField(
            model_name='nurse',
            name='registration_key',
            field=hms.core.folded.FoldedKey('registration_number', editable=False, max_length=32, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='branch',
            name='name',
            field=models.CharField(max_length=80, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='name',
            field=models.CharField(max_length=80, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='doctor',
            name='registration_number',
            field=models.CharField(max_length=40, verbose_name='registration number'),
        ),
        migrations.AlterField(
            model_name='nurse',
            name='registration_number',
            field=models.CharField(max_length=40, verbose_name='registration number'),
        ),
        migrations.RenameField(model_name='doctor', old_name='specialization', new_name='title'),
        migrations.AddField(
            model_name='doctor',
            name='specialization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doctors', to='scheduling.specialization', verbose_name='specialization'),
        ),
        migrations.AlterField(
            model_name='doctor',
            name='title',
            field=models.CharField(default='', max_length=80, verbose_name='specialization'),
        ),
        migrations.RunPython(list_specializations, type_specializations),
        migrations.RunPython(take_moments_from_log, migrations.RunPython.noop),
        migrations.RemoveField(model_name='doctor', name='title'),
        migrations.AlterField(
            model_name='doctor',
            name='specialization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='doctors', to='scheduling.specialization', verbose_name='specialization'),
        ),
    ]
    # See docs/adr/0026.
    adopts = [
        ("scheduling.Specialization", "Listed from what was typed for doctors"),
        (
            "scheduling.Doctor",
            "Specialization from the list; contacts",
            ("specialization", "phone", "email"),
        ),
        ("scheduling.Nurse", "Degree and e-mail", ("degree", "email")),
    ]
