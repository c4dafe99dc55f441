"""Current medicines of the patients of the doctor with a login: what they take for long illnesses."""

from itertools import islice

from accounts.models import User
from clinical.prescribing.typed import parse_schedule
from clinical.services import record_current_medicine
from clinical.services.prescription_lines import line_from
from clinical.statuses import MedicineSource
from hms.demo.histories import Taken
from hms.demo.past_visits import past_visits_to

MOST_PATIENTS = 30


def note_current_medicines(doctor: User, taken: dict[int, list[Taken]]) -> None:
    every = past_visits_to(doctor)
    for visits in islice((each for each in every if each.patient.pk in taken), MOST_PATIENTS):
        patient = visits.patient
        for one in taken[patient.pk]:
            line = line_from(one.line)
            record_current_medicine(
                patient=patient,
                medicine=line.medicine,
                dosage=f"{parse_schedule(line.schedule).without_days} {line.instructions}".strip(),
                since=one.since,
                source=MedicineSource.HERE,
                recorded_at=visits.since(one.since),
                by=doctor,
            )
