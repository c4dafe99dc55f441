"""Valid particulars for services, logins, and people with guardianships."""

from datetime import date

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory

PARTICULARS = {
    "full_name": "Asha Rao",
    "date_of_birth": date(1984, 3, 27),
    "gender": "female",
    "phone": "+919845012345",
    "city": "Bengaluru",
    "country": "India",
}


def born(years: int, *, days: int = 0) -> date:
    """The date of birth of a person whose birthday with this age was `days` ago."""
    today = timezone.localdate()
    birthday = date.fromordinal(today.toordinal() - days)
    day = 28 if (birthday.month, birthday.day) == (2, 29) else birthday.day
    return date(birthday.year - years, birthday.month, day)


def somebody(email: str) -> User:
    """A login whose address is verified."""
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def own_patient(user: User, **fields) -> Patient:
    """The user's own patient."""
    return GuardianshipFactory(user=user, patient=PatientFactory(**fields), relation="self").patient


def carer(user: User, patient: Patient, relation: str = "child", **fields) -> Guardianship:
    return GuardianshipFactory(user=user, patient=patient, relation=relation, **fields)
