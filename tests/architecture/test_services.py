"""A service says by name all that can come in by it: what is not named cannot be stored."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Patient, User
from accounts.particulars import NAMES, Particulars
from accounts.services import register_dependant, sign_up_patient, update_login, update_patient
from scheduling.models import Appointment
from scheduling.services import book_appointment, hold_slot
from tests.accounts.rows import PARTICULARS
from tests.factories import PatientFactory, UserFactory, at, carer_of, doctor_with_hours, staff

ROOT = Path(settings.BASE_DIR)
TYPED_AT_THE_DESK_ALONE = {"is_confidential"}


def service_files() -> list[Path]:
    files = [*ROOT.glob("*/services/*.py"), *ROOT.glob("*/services.py")]
    files += [*ROOT.glob("hms/*/services/*.py"), *ROOT.glob("hms/*/services.py")]
    return sorted(path for path in files if ".venv" not in path.parts)


def open_services(source: str) -> Iterator[str]:
    """Public functions with keywords only, which is what a service is, that take any keyword at all."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            positional = [*node.args.posonlyargs, *node.args.args]
            if node.args.kwarg is not None and not positional:
                yield node.name


def test_no_service_takes_any_keyword_at_all():
    found = [
        f"{path.relative_to(ROOT)}::{name}"
        for path in service_files()
        for name in open_services(path.read_text())
    ]

    assert len(service_files()) > 20
    assert found == []


def test_the_guard_sees_a_service_that_takes_any_keyword():
    source = "def pay(*, by, **fields): ...\ndef _pay(**fields): ...\ndef refund(*, by): ...\n"

    assert list(open_services(source)) == ["pay"]


def test_particulars_are_the_columns_of_a_patient_that_people_fill_in():
    typed = {field.name for field in Patient._meta.fields if field.editable and not field.primary_key}

    assert set(NAMES) | TYPED_AT_THE_DESK_ALONE == typed


@pytest.mark.parametrize("name", ["mrn", "reference", "registered_at", "is_confidential", "id"])
def test_nothing_else_is_a_particular(name):
    with pytest.raises(TypeError):
        Particulars(**{name: "X"})

    assert Particulars.among({name: "X", "city": "Mysuru"}).given() == {"city": "Mysuru"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "smuggled", [{"is_superuser": True}, {"is_staff": True}, {"password": "x"}, {"last_login": None}]
)
def test_an_administrator_changes_of_a_login_only_what_is_named(smuggled):
    login = UserFactory()
    was = User.objects.values().get(pk=login.pk)

    with pytest.raises(TypeError):
        update_login(user=login, by=staff("administrator"), **smuggled)

    assert User.objects.values().get(pk=login.pk) == was


@pytest.mark.django_db
@pytest.mark.parametrize(
    "smuggled", [{"mrn": "H999999"}, {"reference": "AAAAAAAAAA"}, {"registered_at": None}]
)
def test_a_guardian_changes_of_a_patient_only_particulars(smuggled):
    patient = PatientFactory()
    was = Patient.objects.values().get(pk=patient.pk)

    with pytest.raises(TypeError):
        update_patient(patient=patient, by=carer_of(patient), **smuggled)

    assert Patient.objects.values().get(pk=patient.pk) == was


@pytest.mark.django_db
def test_who_signs_up_or_adds_somebody_does_not_say_that_a_record_is_confidential():
    consent = {"relation": "parent", "scopes": ["may_book"], "consent_statement": "Agreed."}

    with pytest.raises(TypeError):
        sign_up_patient(
            email="asha@example.org",
            password=None,
            is_confidential=True,
            particulars=Particulars(**PARTICULARS),
        )
    with pytest.raises(TypeError):
        register_dependant(
            by=UserFactory(), is_confidential=True, particulars=Particulars(**PARTICULARS), **consent
        )

    assert not Patient.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("sunday_noon")
@pytest.mark.parametrize("book", [hold_slot, book_appointment])
@pytest.mark.parametrize(
    "smuggled",
    [{"status": "completed", "token": 7}, {"seat": 3}, {"held_until": None}, {"created_at": at(9)}],
)
def test_a_patient_says_of_an_appointment_only_what_is_named(book, smuggled):
    patient = PatientFactory()

    with pytest.raises(TypeError):
        book(patient=patient, doctor=doctor_with_hours(), starts_at=at(9), by=carer_of(patient), **smuggled)

    assert not Appointment.objects.exists()
