"""Order sets for tests: templates, sets, drafts and what a set has added to them."""

from datetime import date, timedelta

from django.utils import timezone

from clinical.models import Encounter, OrderSet, PrescriptionTemplate
from clinical.services import open_encounter, save_draft, save_order_set
from clinical.services.prescription_templates import save_prescription_template
from hms.core.rights import SYSTEM
from tests.clinical.rows import TEXTS, visit_today
from tests.factories import PatientFactory

TABLETS = "amlodipine 5 1-0-0 30d\natorva 10 0-0-1 30d"
ADDED = ["medicine_lines", "test_lines", "advice"]


def draft_of_asha(doctor) -> Encounter:
    """A name that is also an ordinary word."""
    patient = PatientFactory(full_name="Asha Rest")
    return open_encounter(appointment=visit_today(doctor, patient, symptoms="Dizzy"), by=doctor.user)


def template(owner, lines=TABLETS, name="Pressure", **fields) -> PrescriptionTemplate:
    row = PrescriptionTemplate(**owner, name=name, lines=lines, **fields)
    return save_prescription_template(template=row, by=SYSTEM)


def kept(owner, name="Hypertension", **fields) -> OrderSet:
    fields = {"test_lines": "renal, HbA1c", "advice": "Less salt.", "follow_up_days": 30} | fields
    return save_order_set(order_set=OrderSet(**owner, name=name, **fields), by=SYSTEM)


def typed(draft, **texts) -> Encounter:
    by = draft.recorded_by
    return save_draft(encounter=draft, **TEXTS | {"advice": ""} | texts, diagnoses=[], by=by)


def added(draft) -> list[str]:
    draft.refresh_from_db()
    return [getattr(draft, name) for name in ADDED]


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
