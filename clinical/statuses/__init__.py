from clinical.statuses.allergies import CURRENT_ALLERGIES, AllergyCategory, AllergyStatus, Criticality
from clinical.statuses.listed import ENTERED_IN_ERROR, NEED_REASON
from clinical.statuses.problems import CURRENT_PROBLEMS, Informant, ProblemKind, ProblemStatus

__all__ = [
    "CURRENT_ALLERGIES",
    "CURRENT_PROBLEMS",
    "ENTERED_IN_ERROR",
    "NEED_REASON",
    "AllergyCategory",
    "AllergyStatus",
    "Criticality",
    "Informant",
    "ProblemKind",
    "ProblemStatus",
]
