"""After the migration drops the table of steps, rows keep their moments and the log explains every row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.capture.recorder import Entry, Subject, write
from audit.capture.values import logged_value
from audit.models import Action, AuditEvent
from scheduling.models import Appointment
from tests.factories import BranchFactory, PatientFactory, doctor_with_hours
from tests.moving_back import migrate
from tests.scheduling.test_claims_check import findings

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.feature("U02")]
BEFORE = [("scheduling", "0003_patient_coming")]
MINUTE = timedelta(minutes=1)
COMPLETED = ("booked", "booked", "arrived", "in_consultation", "completed")


@pytest.fixture
def create():
    """Write appointments as the previous version did: the row, its log entry and its steps."""
    facts = {
        "patient_id": PatientFactory().pk,
        "doctor_id": doctor_with_hours().pk,
        "branch_id": BranchFactory().pk,
        "source": "web",
    }
    old, start = migrate(BEFORE), timezone.now() - timedelta(days=3)
    model, step_model = (old.get_model("scheduling", name) for name in ("Appointment", "AppointmentStep"))
    facts |= {"starts_at": start, "ends_at": start + 30 * MINUTE, "created_at": start - 60 * MINUTE}

    def make(*statuses: str, reference: str) -> list:
        status = statuses[-1] if statuses else "booked"
        row = model.objects.create(**facts, reference=reference, status=status)
        logged = [field for field in model._meta.concrete_fields if field.name != "idempotency_key"]
        values = {field.name: logged_value(field, getattr(row, field.attname)) for field in logged}
        changes = {name: [None, value] for name, value in values.items() if value is not None}
        subject = Subject("scheduling.appointment", row.pk, reference, row.patient_id)
        write([Entry(Action.CREATE, subject, changes)])
        moments = [start + n * MINUTE for n in range(len(statuses))]
        for before, status, at in zip(("", *statuses), statuses, moments, strict=False):
            step = {"from_status": before, "to_status": status, "at": at, "starts_at": start}
            step_model.objects.create(appointment=row, **step)
        return moments

    yield make
    migrate()


def of_appointments(found: list[dict]) -> list[dict]:
    """Without the others, whose tables went with the way back."""
    return [finding for finding in found if finding["model"] == "scheduling.appointment"]


def test_the_moments_of_the_steps_are_kept_and_the_log_explains_them(create):
    moments = {
        "COMPLETED": create(*COMPLETED, reference="COMPLETED"),
        "CANCELLED": create("held", "booked", "cancelled", reference="CANCELLED"),
        "GIVEN-UP": create("held", "cancelled", reference="GIVEN-UP"),
        "EXPIRED": create("held", "expired", reference="EXPIRED"),
        "BOOKED": create("held", "booked", reference="BOOKED"),
    }
    create(reference="NO-STEPS")

    migrate()

    kept = {row.reference: (row.booked_at, row.ended_at) for row in Appointment.objects.all()}
    assert kept == {
        "COMPLETED": (moments["COMPLETED"][0], moments["COMPLETED"][4]),
        "CANCELLED": (moments["CANCELLED"][1], moments["CANCELLED"][2]),
        "GIVEN-UP": (None, moments["GIVEN-UP"][1]),
        "EXPIRED": (None, moments["EXPIRED"][1]),
        "BOOKED": (moments["BOOKED"][1], None),
        "NO-STEPS": (Appointment.objects.get(reference="NO-STEPS").created_at, None),
    }
    assert AuditEvent.objects.filter(reason__startswith="Moments of the steps").count() == 6
    assert of_appointments(findings()) == []


def test_changes_by_sql_before_the_migration_are_found_after_it(create):
    create("booked", "cancelled", reference="FORGED")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scheduling_appointment SET symptoms = 'Other'")

    migrate()

    (finding,) = of_appointments(findings())
    assert (finding["kind"], finding["changes"]) == ("changed_row", {"symptoms": ["", "Other"]})
