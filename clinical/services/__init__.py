from clinical.services.allergies import (
    reassess_allergy,
    record_allergy,
    record_no_known_allergies,
)
from clinical.services.diagnosis_terms import (
    load_common_diagnoses,
    load_diagnoses,
    set_diagnosis_active,
)
from clinical.services.emergency import (
    open_emergency_access,
)
from clinical.services.encounters import (
    DiagnosisLine,
    add_addendum,
    open_encounter,
    save_draft,
    sign_encounter,
)
from clinical.services.problems import (
    record_problem,
    revise_problem,
)
from clinical.services.reviews import (
    answer_review,
    edit_review,
    moderate_review,
    withdraw_review,
    write_review,
)
from clinical.services.visits import (
    finish_visit,
)
from clinical.services.vitals import (
    record_past_vitals,
    record_vitals,
    withdraw_vitals,
)

__all__ = [
    "DiagnosisLine",
    "add_addendum",
    "answer_review",
    "edit_review",
    "finish_visit",
    "load_common_diagnoses",
    "load_diagnoses",
    "moderate_review",
    "open_emergency_access",
    "open_encounter",
    "reassess_allergy",
    "record_allergy",
    "record_no_known_allergies",
    "record_past_vitals",
    "record_problem",
    "record_vitals",
    "revise_problem",
    "save_draft",
    "set_diagnosis_active",
    "sign_encounter",
    "withdraw_review",
    "withdraw_vitals",
    "write_review",
]
