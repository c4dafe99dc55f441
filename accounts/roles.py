"""The roles of the hospital are groups; a person may hold several."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The name of a group; `hms.site.roles` grants its permissions."""

    PATIENT = "patient", _("Patient")
    RECEPTIONIST = "receptionist", _("Receptionist")
    DOCTOR = "doctor", _("Doctor")
    NURSE = "nurse", _("Nurse")
    LAB_TECHNICIAN = "lab_technician", _("Lab technician")
    BILLING_CLERK = "billing_clerk", _("Billing clerk")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


STAFF_ROLES = frozenset(Role) - {Role.PATIENT}
# One administrator asks for them and another one gives them.
ROLES_OF_TWO = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
