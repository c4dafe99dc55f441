"""Bulk registration writes the same rows as the service for one patient."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Patient
from accounts.particulars import KnownElsewhere, Particulars
from accounts.services import register_patient, register_patients
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from tests.accounts.rows import PARTICULARS
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O01")]


def test_rows_equal_those_of_the_service():
    particulars = KnownElsewhere(
        **PARTICULARS | {"full_name": "  Asha   RAO "},
        reference="ASHA234567",
        registered_at=datetime(2026, 11, 22, 11, tzinfo=UTC),
    )
    one = register_patient(particulars=particulars, by=SYSTEM)

    [many] = register_patients(particulars=[replace(particulars, reference="ASHA234568")], by=SYSTEM)

    own = {"id", "reference", "mrn"}
    names = [field.name for field in Patient._meta.fields if field.name not in own]
    first, second = (Patient.objects.values(*names).get(pk=row.pk) for row in (one, many))
    assert first == second
    assert AuditEvent.objects.filter(model="accounts.patient", action="create").count() == 2


def test_numbers_follow_the_order():
    register_patient(particulars=Particulars(**PARTICULARS), by=SYSTEM)

    rows = register_patients(
        particulars=[Particulars(**PARTICULARS) for _ in range(3)], by=staff("receptionist")
    )

    assert [row.mrn for row in rows] == ["H000002", "H000003", "H000004"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date_of_birth", date(2100, 1, 1)),
        ("phone", "+91123"),
        ("email", "asha@"),
        ("gender", "unsaid"),
        ("postcode", "12"),
        ("abha_number", "123"),
    ],
)
def test_invalid_particulars_are_refused_and_nothing_is_written(field, value):
    wrong = Particulars(**PARTICULARS | {field: value})

    with pytest.raises(ValidationError) as refusal:
        register_patients(particulars=[Particulars(**PARTICULARS), wrong], by=SYSTEM)

    assert set(refusal.value.error_dict) == {field}
    assert not Patient.objects.exists()


def test_a_number_that_two_of_the_batch_have_is_refused():
    rows = [Particulars(**PARTICULARS, abha_number="91123456789012") for _ in range(2)]

    with pytest.raises(ValidationError) as refusal:
        register_patients(particulars=rows, by=SYSTEM)

    assert refusal.value.code == "unique"
    assert not Patient.objects.exists()


def test_a_number_of_another_patient_is_refused_at_its_field():
    taken = Particulars(**PARTICULARS, abha_number="91123456789012")
    register_patient(particulars=taken, by=SYSTEM)

    with pytest.raises(ValidationError) as refusal:
        register_patients(particulars=[Particulars(**PARTICULARS), taken], by=SYSTEM)

    assert set(refusal.value.error_dict) == {"abha_number"}
    assert Patient.objects.count() == 1


@pytest.mark.parametrize("role", ["doctor", "nurse", "billing_clerk", "auditor", "lab_technician"])
def test_registering_is_refused_to_roles_other_than_the_desk(role):
    with pytest.raises(NotAllowed):
        register_patients(particulars=[Particulars(**PARTICULARS)], by=staff(role))

    assert not Patient.objects.exists()
