from django.utils.translation import gettext_lazy as _

from hms.core.refusals import NotAllowed, Refusal


class RolesNotYours(NotAllowed):
    code = "roles_not_yours"
    text = _("Only administrators can change roles.")


class OwnAdministratorRole(Refusal):
    code = "own_administrator_role"
    text = _("You cannot remove the administrator role from yourself. Ask another administrator.")


class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    text = _("This needs the approval of a second person.")


class RoleNeedsTwo(SecondPersonNeeded):
    text = _(
        "This needs the approval of a second person: give the roles Administrator and Auditor on the page of "
        "the login."
    )


class TwoCanApprove(NotAllowed):
    code = "two_can_approve"
    text = _(
        "Two administrators can give this role: one asks for it on the page of the login, the other one"
        " approves."
    )


class NotAboutYou(NotAllowed):
    code = "not_about_you"
    text = _("This is not about you: close it yourself.")


class HasRole(Refusal):
    code = "has_role"
    text = _("This login has this role already, or one administrator can give it alone.")


class AlreadyAsked(Refusal):
    code = "already_asked"
    text = _("This already waits for approval, see Approvals. It must be decided or withdrawn first.")


class OwnRequest(NotAllowed):
    code = "own_request"
    text = _("You have asked for this yourself: another person must decide.")


class NotYourRequest(NotAllowed):
    code = "not_your_request"
    text = _("Only the person who asked can withdraw a request.")


class RequestExpired(Refusal):
    code = "request_expired"
    text = _("Nobody approved this in time. It must be asked for again.")


class AskerMayNoLonger(Refusal):
    code = "asker_may_no_longer"
    text = _("The person who asked may not do this any more.")


class NoteNeeded(Refusal):
    code = "note_needed"
    field = "note"
    text = _("Say why, so that others can understand the decision.")


class OwnLogin(Refusal):
    code = "own_login"
    text = _("You cannot close your own login. Ask another administrator.")


class SuperuserOnly(NotAllowed):
    code = "superuser_only"
    text = _("Only a superuser can change a superuser.")


class LoginOfTwo(NotAllowed):
    code = "login_of_two"
    text = _(
        "This login approves what others ask for. First take the roles Administrator and Auditor from it, and"
        " ask for them again afterwards."
    )


class AddressOfTwo(NotAllowed):
    code = "address_of_two"
    field = "email"
    text = _(
        "This login approves what others ask for, so only its owner changes the address."
        " If the owner cannot log in, close this login and make another one."
    )


class EmailTaken(Refusal):
    code = "email_taken"
    field = "email"
    text = _("There is already an account with this e-mail address. Log in or reset the password.")


class TooYoungForLogin(Refusal):
    code = "too_young_for_login"
    field = "date_of_birth"
    text = _("You must be 18 to sign up. A parent or guardian can sign up and add you to their family.")


class BirthDateIsFixed(Refusal):
    code = "birth_date_is_fixed"
    field = "date_of_birth"
    text = _("The front desk can correct a date of birth. Please bring a document that shows it.")


class HasOwnPatient(Refusal):
    code = "has_own_patient"
    text = _("This login already belongs to another patient.")


class HasOwnLogin(Refusal):
    code = "has_own_login"
    text = _("This patient already has their own login.")


class IsYourself(Refusal):
    code = "is_yourself"
    field = "full_name"
    text = _("This is your own name and date of birth: you are already registered. Book for yourself.")


class AlreadyInFamily(Refusal):
    code = "already_in_family"
    field = "full_name"
    text = _("%(name)s, with this date of birth, is already in your family.")


class ConsentMissing(Refusal):
    code = "consent_missing"
    field = "consent"
    text = _("Acting for somebody needs consent. Please confirm the statement.")


class ScopeMissing(Refusal):
    code = "scope_missing"
    field = "scopes"
    text = _("Choose at least one thing that the carer may do.")


class ChildIsAdult(Refusal):
    code = "child_is_adult"
    field = "relation"
    text = _("This person is 18 or older. Choose a relation other than “My child”.")


class TooYoungForRelation(Refusal):
    code = "too_young_for_relation"
    field = "relation"
    text = _("This person is under 18. Choose a relation other than “%(relation)s”.")


class TooManyToday(Refusal):
    code = "too_many_today"
    text = _("You have added %(limit)d people today. Please go on tomorrow, or ask the front desk.")


class TooManyInCare(Refusal):
    code = "too_many_in_care"
    text = _("You already care for %(limit)d people. Please ask the front desk to add another person.")


class OwnAccess(Refusal):
    code = "own_access"
    text = _("You cannot end your access to your own record here.")


class OnePatient(Refusal):
    code = "one_patient"
    text = _("This is one record, not two.")


class PairDecided(Refusal):
    code = "pair_decided"
    text = _("Somebody has decided about these two meanwhile. Please look again.")


class PairReasonMissing(Refusal):
    code = "pair_reason_missing"
    field = "reason"
    text = _("Say how you know, so that others can follow the decision.")
