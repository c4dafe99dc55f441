"""Drops the table of steps, which the log replaces, and copies two of its moments to the row.

The log adopts only these two columns, not the whole row, so that changes by SQL are still detected.
"""

from collections import defaultdict

from django.db import migrations

PAGE = 500
ENDED = ("completed", "cancelled", "no_show", "expired")
MOMENTS = ("booked_at", "ended_at")
NEVER_BOOKED = ("held", "cancelled", "expired")


def keep_moments(apps, schema_editor):
    rows = apps.get_model("scheduling", "Appointment").objects.order_by("pk")
    last = 0
    while page := list(rows.filter(pk__gt=last)[:PAGE]):
        steps = steps_of(apps, page)
        for row in page:
            keep(row, steps[row.pk])
        rows.bulk_update(page, MOMENTS)
        last = page[-1].pk


def steps_of(apps, page) -> dict[int, list]:
    """Previous status, new status and moment of each step, in order, by appointment."""
    found = defaultdict(list)
    steps = apps.get_model("scheduling", "AppointmentStep").objects.filter(appointment__in=page)
    columns = ("appointment_id", "from_status", "to_status", "at")
    for pk, *step in steps.order_by("at", "pk").values_list(*columns):
        found[pk].append(step)
    return found


def keep(row, steps):
    """Fill in the row's missing moments; a row without steps counts as booked when it was created."""
    booked = [at for was, became, at in steps if became == "booked" and was != became]
    if not steps and row.status not in NEVER_BOOKED:
        booked = [row.created_at]
    ended = [at for _was, became, at in steps if became == row.status and became in ENDED]
    for name, moments in zip(MOMENTS, (booked, ended)):
        if moments and getattr(row, name) is None:
            setattr(row, name, moments[-1])


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0004_booked_at"),
        ("audit", "0004_anomalies"),
    ]
    operations = [
        migrations.RunPython(keep_moments, migrations.RunPython.noop),
        migrations.DeleteModel(name="AppointmentStep"),
    ]
    # See docs/adr/0026.
    adopts = [("scheduling.Appointment", "Moments of the steps, kept with the appointment", MOMENTS)]
