"""The logins of the demo: at least one of each role at demo.example, all with the same password."""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.roles import Role
from accounts.services import register_login
from hms.core.rights import SYSTEM
from hms.demo.data.places import mobile

DOMAIN = "demo.example"
PASSWORD = "demo-hospital-2026"  # noqa: S105 - printed on the screen, for everybody to use
PATIENT_LOGINS = 200


@dataclass(frozen=True)
class Team:
    """The logins of the hospital's people, at least one of each role."""

    admin: User
    reception: User
    doctor: User
    nurse: User
    lab: User
    billing: User
    auditor: User
    lab2: User


STAFF = {
    "admin": ("Shobha Kulkarni", Role.ADMINISTRATOR),
    "reception": ("Imran Sheikh", Role.RECEPTIONIST),
    "doctor": ("Ananya Rao", Role.DOCTOR),
    "nurse": ("Anitha Mathew", Role.NURSE),
    "lab": ("Bhavana Patil", Role.LAB_TECHNICIAN),
    "billing": ("Joseph D'Souza", Role.BILLING_CLERK),
    "auditor": ("Rukmini Iyer", Role.AUDITOR),
    "lab2": ("Farhan Qureshi", Role.LAB_TECHNICIAN),  # verifies what the first one entered
}


def email_of(name: str) -> str:
    return f"{name}@{DOMAIN}"


def has_real_users() -> bool:
    return User.objects.exclude(email__endswith=f"@{DOMAIN}").exists()


def hire_team(chance) -> Team:
    """Make the logins of staff; nobody can log in before `open_logins`."""
    return Team(**{name: _hire(name, chance) for name in STAFF})


def open_logins(users: Iterable[User]) -> None:
    """Set the password and take the e-mail addresses as verified.

    The password is hashed once and the hash given to all: two hundred hashes of their own would take
    longer than everything else, and there is nothing to hide in a password that is printed on the screen.
    """
    pks = [user.pk for user in users]
    User.objects.filter(pk__in=pks).update(password=make_password(PASSWORD))
    EmailAddress.objects.filter(user__in=pks).update(verified=True)


def _hire(name: str, chance) -> User:
    full_name, role = STAFF[name]
    return register_login(
        by=SYSTEM, email=email_of(name), full_name=full_name, phone=mobile(chance), roles=[role]
    )
