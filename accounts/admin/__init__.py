from accounts.admin.languages import LanguageAdmin
from accounts.admin.logins import UserAdmin
from accounts.admin.patients import PatientAdmin
from accounts.admin.roles import RoleAdmin

__all__ = ["LanguageAdmin", "PatientAdmin", "RoleAdmin", "UserAdmin"]
