from accounts.services.approvals import (
    approve_request,
    ask_approval,
    decline_request,
    withdraw_request,
)
from accounts.services.duplicates import (
    matches_of,
    person_of,
    possible_duplicates,
    repeated,
    similar_patients,
    similar_to_each,
)
from accounts.services.first_roles import give_role_alone
from accounts.services.guardianships import (
    grant_guardianship,
    register_dependant,
    revoke_guardianship,
)
from accounts.services.logins import (
    register_login,
    remove_second_factors,
    roles_to_approve,
    set_roles,
    update_login,
)
from accounts.services.numbers import next_mrns
from accounts.services.pairs import decide_pair
from accounts.services.patients import (
    add_patient,
    check_patient,
    register_patient,
    register_patients,
    registered_with,
    update_patient,
)
from accounts.services.sessions import clear_dead_sessions, end_sessions, living_sessions
from accounts.services.signup import rehearse_sign_up, sign_up_patient

__all__ = [
    "add_patient",
    "approve_request",
    "ask_approval",
    "check_patient",
    "clear_dead_sessions",
    "decide_pair",
    "decline_request",
    "end_sessions",
    "give_role_alone",
    "grant_guardianship",
    "living_sessions",
    "matches_of",
    "next_mrns",
    "person_of",
    "possible_duplicates",
    "register_dependant",
    "register_login",
    "register_patient",
    "register_patients",
    "registered_with",
    "rehearse_sign_up",
    "remove_second_factors",
    "repeated",
    "revoke_guardianship",
    "roles_to_approve",
    "set_roles",
    "sign_up_patient",
    "similar_patients",
    "similar_to_each",
    "update_login",
    "update_patient",
    "withdraw_request",
]
