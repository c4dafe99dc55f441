from clinical.services.allergies import reassess_allergy, record_allergy, record_no_known_allergies
from clinical.services.current_medicines import (
    mark_current_medicine_as_error,
    record_current_medicine,
    stop_current_medicine,
)
from clinical.services.emergency import open_emergency_access
from clinical.services.encounters import (
    DiagnosisLine,
    add_addendum,
    open_encounter,
    save_draft,
    sign_encounter,
)
from clinical.services.prescriptions import (
    dispense_prescription,
    repeat_prescription,
    withdraw_prescription,
    write_prescription,
)
from clinical.services.signing import sign_prescription
from clinical.services.visits import finish_visit

__all__ = [
    "DiagnosisLine",
    "add_addendum",
    "dispense_prescription",
    "finish_visit",
    "mark_current_medicine_as_error",
    "open_emergency_access",
    "open_encounter",
    "reassess_allergy",
    "record_allergy",
    "record_current_medicine",
    "record_no_known_allergies",
    "repeat_prescription",
    "save_draft",
    "sign_encounter",
    "sign_prescription",
    "stop_current_medicine",
    "withdraw_prescription",
    "write_prescription",
]
