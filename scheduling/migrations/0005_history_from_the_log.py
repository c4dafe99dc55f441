"""The table of steps goes: the log has them. Two moments that it alone had move to the row, and into the log.

Only these two columns are logged, and not each row as it is now: what was changed by SQL stays found.
"""

from collections import defaultdict

from django.db import migrations

from audit.capture.context import Source, audit_context
from audit.capture.recorder import Entry, Subject, write
from audit.capture.values import logged_value
from audit.models import Action

PAGE = 500
ENDED = ("completed", "cancelled", "no_show", "expired")
NEVER_BOOKED = ("held", "cancelled", "expired")


def keep_moments(apps, schema_editor):
    rows = apps.get_model("scheduling", "Appointment").objects.order_by("pk")
    last = 0
    with audit_context(source=Source.COMMAND.value, reason="Moments of the steps, kept with the appointment"):
        while page := list(rows.filter(pk__gt=last)[:PAGE]):
            steps = steps_of(apps, page)
            entries = [entry for row in page if (entry := keep(row, steps[row.pk]))]
            rows.bulk_update(page, ["booked_at", "ended_at"])
            write(entries)
            last = page[-1].pk


def steps_of(apps, page) -> dict[int, list]:
    """From what, to what and when, in order, by appointment."""
    found = defaultdict(list)
    steps = apps.get_model("scheduling", "AppointmentStep").objects.filter(appointment__in=page)
    columns = ("appointment_id", "from_status", "to_status", "at")
    for pk, *step in steps.order_by("at", "pk").values_list(*columns):
        found[pk].append(step)
    return found


def keep(row, steps) -> Entry | None:
    """Write the moments on the row where it has none; rows without steps were booked when they came."""
    booked = [at for was, became, at in steps if became == "booked" and was != became]
    if not steps and row.status not in NEVER_BOOKED:
        booked = [row.created_at]
    ended = [at for _was, became, at in steps if became == row.status and became in ENDED]
    changes = {}
    for name, moments in (("booked_at", booked), ("ended_at", ended)):
        if moments and getattr(row, name) is None:
            setattr(row, name, moments[-1])
            changes[name] = [None, logged_value(row._meta.get_field(name), moments[-1])]
    if not changes:
        return None
    return Entry(Action.UPDATE, Subject("scheduling.appointment", row.pk, row.reference, row.patient_id), changes)


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0004_booked_at"),
        ("audit", "0004_anomalies"),
    ]
    operations = [
        migrations.RunPython(keep_moments, migrations.RunPython.noop),
        migrations.DeleteModel(name="AppointmentStep"),
    ]
