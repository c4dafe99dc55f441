from contextlib import suppress

from allauth.account.models import EmailAddress
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.exceptions import TooYoungForLogin
from accounts.models import Patient, Relation, Scope, User
from accounts.particulars import Particulars
from accounts.roles import Role
from accounts.services.guardianships import give_care
from accounts.services.logins import new_login, put_in_groups
from accounts.services.patients import add_patient
from audit.capture.context import audit_context
from hms.core.transactions import retried_atomic


@retried_atomic
def sign_up_patient(*, email: str, password: str | None, particulars: Particulars) -> User:
    """Create a login, its patient and the guardianship between them in one transaction.

    Refuses an e-mail address that is taken, invalid particulars, and minors, who need an adult's login.
    """
    patient = Patient(**particulars.new_row())
    user = new_login(email=email, password=password, full_name=patient.full_name, phone=patient.phone)
    patient.email = user.email
    with audit_context(actor=user):
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
        put_in_groups(user, {Role.PATIENT})
        patient = add_patient(patient)
        if patient.is_minor:
            raise TooYoungForLogin
        give_care(
            user=user,
            patient=patient,
            relation=Relation.SELF,
            scopes=Scope,
            consented_by=user,
            consent_statement=_("Signed up for themselves."),
        )
    return user


class Undone(Exception):
    """Rolls a sign-up back."""


def rehearse_sign_up(*, password: str | None, particulars: Particulars) -> None:
    """Refuse what a sign-up refuses, in the time that it takes, and write nothing.

    For an address that has a login, so that nobody learns of it from refusals or from the time of the answer.
    """
    with suppress(Undone):
        _sign_up_and_undo(password=password, particulars=particulars)


@retried_atomic
def _sign_up_and_undo(*, password: str | None, particulars: Particulars) -> None:
    nobody = f"{get_random_string(32).lower()}@example.invalid"
    sign_up_patient(email=nobody, password=password, particulars=particulars)
    raise Undone
