"""Current medicines of the patients of the doctor with a login: what they take for long illnesses."""

from accounts.models import Patient, User
from clinical.prescribing.typed import parse_schedule
from clinical.services import record_current_medicine
from clinical.services.prescription_lines import line_from
from clinical.statuses import MedicineSource
from hms.demo.histories import Taken
from scheduling.access import visits_with

MOST_PATIENTS = 30


def note_current_medicines(doctor: User, taken: dict[int, list[Taken]]) -> None:
    seen = visits_with(doctor).values("patient_id")
    for patient in Patient.objects.filter(pk__in=seen, id__in=taken).order_by("mrn")[:MOST_PATIENTS]:
        for one in taken[patient.pk]:
            line = line_from(one.line)
            record_current_medicine(
                patient=patient,
                medicine=line.medicine,
                dosage=f"{parse_schedule(line.schedule).without_days} {line.instructions}".strip(),
                since=one.since,
                source=MedicineSource.HERE,
                by=doctor,
            )
