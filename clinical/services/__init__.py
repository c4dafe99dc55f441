from clinical.services.allergies import (
    reassess_allergy,
    record_allergy,
    record_no_known_allergies,
)
from clinical.services.attachments import (
    attach_file,
    release_attachment,
    withdraw_attachment,
)
from clinical.services.certificates import (
    issue_certificate,
    withdraw_certificate,
)
from clinical.services.current_medicines import (
    mark_current_medicine_as_error,
    record_current_medicine,
    stop_current_medicine,
)
from clinical.services.diagnosis_terms import (
    load_common_diagnoses,
    load_diagnoses,
    set_diagnosis_active,
)
from clinical.services.document_codes import (
    issue_code,
    mark_replaced,
    mark_withdrawn,
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
from clinical.services.lab_catalogue import (
    add_reference_range,
    end_reference_range,
    save_lab_panel,
    save_lab_test,
)
from clinical.services.lab_findings import (
    Finding,
)
from clinical.services.lab_history import (
    record_past_results,
)
from clinical.services.lab_inbox import (
    acknowledge_result,
    acknowledge_results,
    waiting_below,
)
from clinical.services.lab_orders import (
    cancel_order,
    collect_sample,
    order_tests,
    reject_sample,
)
from clinical.services.lab_results import (
    correct_result,
    enter_result,
    release_result,
    report_critical_value,
    take_back_correction,
    verify_result,
    withdraw_result,
)
from clinical.services.order_sets import (
    apply_order_set,
    save_as_order_set,
    save_order_set,
)
from clinical.services.phrases import (
    insert_phrase,
    save_phrase,
)
from clinical.services.prescriptions import (
    dispense_prescription,
    repeat_prescription,
    withdraw_prescription,
    write_prescription,
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
from clinical.services.signing import (
    sign_prescription,
)
from clinical.services.visit_history import PastVisit, record_past_visits
from clinical.services.visits import (
    finish_visit,
    move_to_prescription,
)
from clinical.services.vitals import (
    record_past_vitals,
    record_vitals,
    withdraw_vitals,
)

__all__ = [
    "DiagnosisLine",
    "Finding",
    "PastVisit",
    "acknowledge_result",
    "acknowledge_results",
    "add_addendum",
    "add_reference_range",
    "answer_review",
    "apply_order_set",
    "attach_file",
    "cancel_order",
    "collect_sample",
    "correct_result",
    "dispense_prescription",
    "edit_review",
    "end_reference_range",
    "enter_result",
    "finish_visit",
    "insert_phrase",
    "issue_certificate",
    "issue_code",
    "load_common_diagnoses",
    "load_diagnoses",
    "mark_current_medicine_as_error",
    "mark_replaced",
    "mark_withdrawn",
    "moderate_review",
    "move_to_prescription",
    "open_emergency_access",
    "open_encounter",
    "order_tests",
    "reassess_allergy",
    "record_allergy",
    "record_current_medicine",
    "record_no_known_allergies",
    "record_past_results",
    "record_past_visits",
    "record_past_vitals",
    "record_problem",
    "record_vitals",
    "reject_sample",
    "release_attachment",
    "release_result",
    "repeat_prescription",
    "report_critical_value",
    "revise_problem",
    "save_as_order_set",
    "save_draft",
    "save_lab_panel",
    "save_lab_test",
    "save_order_set",
    "save_phrase",
    "set_diagnosis_active",
    "sign_encounter",
    "sign_prescription",
    "stop_current_medicine",
    "take_back_correction",
    "verify_result",
    "waiting_below",
    "withdraw_attachment",
    "withdraw_certificate",
    "withdraw_prescription",
    "withdraw_result",
    "withdraw_review",
    "withdraw_vitals",
    "write_prescription",
    "write_review",
]
