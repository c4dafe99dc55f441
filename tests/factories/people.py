from datetime import date

import factory
from django.contrib.auth.models import Group

from accounts.models import Guardianship, Patient, User

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("person{}@example.org".format)
    full_name = factory.Sequence("Person {}".format)
    password = factory.django.Password(PASSWORD)


class PatientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Patient

    mrn = factory.Sequence("T{:06}".format)
    full_name = factory.Sequence("Patient {}".format)
    date_of_birth = date(1984, 3, 15)
    gender = "female"
    phone = factory.Sequence("+9198450{:05}".format)


class GuardianshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guardianship

    user = factory.SubFactory(UserFactory)
    patient = factory.SubFactory(PatientFactory)
    relation = "self"
    consented_by = factory.SelfAttribute("user")


def carer_of(*patients: Patient, **rights) -> User:
    """A login with a guardianship in force for each of the patients."""
    user = UserFactory()
    for patient in patients:
        GuardianshipFactory(user=user, patient=patient, **rights)
    return user


def staff(*roles: str, **fields) -> User:
    """A member of staff in the groups of these roles."""
    user = UserFactory(is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles), f"a group of {roles} does not exist"
    return user
