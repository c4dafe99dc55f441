"""Services name all their arguments, so that no other value can be stored."""

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
    """Services (public functions with keyword-only arguments) that accept arbitrary keywords."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            positional = [*node.args.posonlyargs, *node.args.args]
            if node.args.kwarg is not None and not positional:
                yield node.name


def test_no_service_accepts_arbitrary_keywords():
    found = [
        f"{path.relative_to(ROOT)}::{name}"
        for path in service_files()
        for name in open_services(path.read_text())
    ]

    assert len(service_files()) > 20
    assert found == []


LOCKS = {
    *("select_for_update", "lock_row", "lock_rows", "lock_first", "take_turns"),
    *("lock_to_record", "lock_row_to_record", "move"),
}


def faults_of(source: str) -> Iterator[str]:
    """Public services for which nobody need act, or that lock or change a status outside a transaction."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.args.args:
            continue
        given = dict(zip((each.arg for each in node.args.kwonlyargs), node.args.kw_defaults, strict=True))
        if given.get("by") is not None:
            yield f"{node.name}: by= has a default"
        if given and calls(node) & LOCKS and "atomic" not in "".join(map(ast.unparse, node.decorator_list)):
            yield f"{node.name}: locks without a transaction"


def calls(function: ast.FunctionDef) -> set[str]:
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {getattr(name, "attr", getattr(name, "id", "")) for name in called}


def test_somebody_acts_in_every_service_and_what_it_locks_is_locked_until_it_ends():
    found = {
        f"{path.relative_to(ROOT)}::{fault}"
        for path in service_files()
        for fault in faults_of(path.read_text())
    }

    assert found == set()


def test_the_guard_finds_a_service_without_a_person_and_one_without_a_transaction():
    source = (
        "@retried_atomic\ndef pay(*, by=None): ...\ndef refund(*, row, by):\n    move(row, 1)\n"
        "@transaction.atomic\ndef book(*, row, by):\n    move(row, 1)\n"
    )

    assert list(faults_of(source)) == ["pay: by= has a default", "refund: locks without a transaction"]


def test_the_guard_finds_a_service_that_accepts_arbitrary_keywords():
    source = "def pay(*, by, **fields): ...\ndef _pay(**fields): ...\ndef refund(*, by): ...\n"

    assert list(open_services(source)) == ["pay"]


def test_particulars_are_the_columns_of_a_patient_that_people_fill_in():
    typed = {field.name for field in Patient._meta.fields if field.editable and not field.primary_key}

    assert set(NAMES) | TYPED_AT_THE_DESK_ALONE == typed


@pytest.mark.parametrize("name", ["mrn", "reference", "registered_at", "is_confidential", "id"])
def test_other_columns_are_not_particulars(name):
    with pytest.raises(TypeError):
        Particulars(**{name: "X"})

    assert Particulars.among({name: "X", "city": "Mysuru"}).given() == {"city": "Mysuru"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "smuggled", [{"is_superuser": True}, {"is_staff": True}, {"password": "x"}, {"last_login": None}]
)
def test_an_administrator_changes_only_named_values_of_a_login(smuggled):
    login = UserFactory()
    was = User.objects.values().get(pk=login.pk)

    with pytest.raises(TypeError):
        update_login(user=login, by=staff("administrator"), **smuggled)

    assert User.objects.values().get(pk=login.pk) == was


@pytest.mark.django_db
@pytest.mark.parametrize(
    "smuggled", [{"mrn": "H999999"}, {"reference": "AAAAAAAAAA"}, {"registered_at": None}]
)
def test_a_carer_changes_only_particulars_of_a_patient(smuggled):
    patient = PatientFactory()
    was = Patient.objects.values().get(pk=patient.pk)

    with pytest.raises(TypeError):
        update_patient(patient=patient, by=carer_of(patient), **smuggled)

    assert Patient.objects.values().get(pk=patient.pk) == was


@pytest.mark.django_db
def test_patients_and_carers_cannot_mark_a_record_as_confidential():
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
def test_a_patient_sets_only_named_values_of_an_appointment(book, smuggled):
    patient = PatientFactory()

    with pytest.raises(TypeError):
        book(patient=patient, doctor=doctor_with_hours(), starts_at=at(9), by=carer_of(patient), **smuggled)

    assert not Appointment.objects.exists()
