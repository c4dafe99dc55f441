from accounts.exceptions import EmailTaken
from accounts.models import User
from accounts.roles import Role
from accounts.services import register_login
from hms.core.locks import lock_row
from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic
from scheduling.exceptions import HasLogin, LoginExists, NoAddressForLogin
from scheduling.models import Doctor, Nurse


@retried_atomic
def give_login(*, person: Doctor | Nurse, by) -> User:
    """Make a login for a doctor or nurse, who chooses the password through a link sent by e-mail.

    Refuses a person who has a login or no e-mail address, and an address that another login has.
    """
    require_to_save(by, person)
    if lock_row(type(person).objects.all(), pk=person.pk).user_id:
        raise HasLogin
    if not person.email:
        raise NoAddressForLogin
    role = Role.DOCTOR if isinstance(person, Doctor) else Role.NURSE
    try:
        person.user = register_login(
            by=by, email=person.email, full_name=person.full_name, phone=person.phone, roles=[role]
        )
    except EmailTaken as taken:
        raise LoginExists from taken
    person.save(update_fields=["user"])
    return person.user
