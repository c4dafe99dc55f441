"""Refusals of the services for people; forms, admin and API show them as they are."""

from django.utils.translation import gettext_lazy as _

from hms.core.refusals import NotAllowed, Refusal


class RolesNotYours(NotAllowed):
    code = "roles_not_yours"
    text = _("Only administrators give and take roles.")


class OwnAdministratorRole(Refusal):
    code = "own_administrator_role"
    text = _("You cannot take the administrator's role from yourself; ask another administrator.")


class OwnLogin(Refusal):
    code = "own_login"
    text = _("You cannot shut yourself out; ask another administrator.")


class SuperuserOnly(NotAllowed):
    code = "superuser_only"
    text = _("Only a superuser may change a superuser.")


class EmailTaken(Refusal):
    code = "email_taken"
    field = "email"
    text = _("There is already an account with this e-mail address. Log in or reset the password.")


class TooYoungForLogin(Refusal):
    code = "too_young_for_login"
    field = "date_of_birth"
    text = _("You must be 18 to sign up. A parent or guardian signs up and adds you to the family.")


class BirthDateIsFixed(Refusal):
    code = "birth_date_is_fixed"
    field = "date_of_birth"
    text = _("A date of birth is corrected at the front desk, with a document.")


class HasOwnPatient(Refusal):
    code = "has_own_patient"
    text = _("This login already has a patient of its own.")


class HasOwnLogin(Refusal):
    code = "has_own_login"
    text = _("This patient already has a login of their own.")


class ConsentMissing(Refusal):
    code = "consent_missing"
    field = "consent"
    text = _("Caring for somebody needs consent: confirm the statement.")


class ScopeMissing(Refusal):
    code = "scope_missing"
    field = "scopes"
    text = _("Choose at least one thing that the carer may do.")


class ChildIsAdult(Refusal):
    code = "child_is_adult"
    field = "relation"
    text = _("This person is 18 or older and not a child; choose another relation.")


class TooManyInCare(Refusal):
    code = "too_many_in_care"
    text = _("You care for %(limit)d people already. Please ask the front desk to add another one.")


class OwnAccess(Refusal):
    code = "own_access"
    text = _("Your access to your own record cannot be revoked here.")
