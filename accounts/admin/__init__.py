from accounts.admin.approvals import ApprovalRequestAdmin
from accounts.admin.languages import LanguageAdmin
from accounts.admin.logins import UserAdmin
from accounts.admin.pairs import DuplicatePairAdmin
from accounts.admin.patients import PatientAdmin
from accounts.admin.roles import RoleAdmin

__all__ = [
    "ApprovalRequestAdmin",
    "DuplicatePairAdmin",
    "LanguageAdmin",
    "PatientAdmin",
    "RoleAdmin",
    "UserAdmin",
]
