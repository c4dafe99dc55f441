"""Who acts is a person or SYSTEM, and nobody else: never a None that passes for either."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from audit.capture.context import audit_context
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM, person, require, require_to_save
from scheduling.history import steps_of
from scheduling.models import Branch
from scheduling.services import book_appointment, cancel_appointment, expire_holds, hold_slot
from tests.billing.rows import staff_with
from tests.factories import PatientFactory, UserFactory, at, doctor_with_hours, staff

ROOT = Path(settings.BASE_DIR)
SOURCES = ("accounts", "audit", "bench", "billing", "clinical", "docs", "hms", "scheduling")


@pytest.mark.django_db
def test_the_system_and_holders_of_the_permission_pass_and_nobody_else():
    permission = "scheduling.check_in"

    require(SYSTEM, permission)
    require(staff("receptionist"), permission)
    for by in (UserFactory(), staff("auditor"), staff("receptionist", is_active=False)):
        with pytest.raises(NotAllowed):
            require(by, permission)


@pytest.mark.django_db
def test_adding_and_changing_a_row_are_two_rights():
    new, old = Branch(name="Harbour"), Branch.objects.create(name="Old town")
    administrator = staff("administrator")

    require_to_save(administrator, new)
    require_to_save(administrator, old)
    for by, row in (
        (staff("receptionist"), old),
        (staff_with("scheduling.change_branch"), new),
        (staff_with("scheduling.add_branch"), old),
        (staff_with("scheduling.add_branch"), Branch(pk=old.pk)),  # saved, it would change the old one
    ):
        with pytest.raises(NotAllowed):
            require_to_save(by, row)


@pytest.mark.parametrize("ask", [person, lambda by: require(by, "scheduling.check_in")])
def test_nobody_at_all_is_a_mistake_in_the_code(ask):
    with pytest.raises(TypeError):
        ask(None)


@pytest.mark.django_db
@pytest.mark.usefixtures("sunday_noon")
@pytest.mark.parametrize("book", [hold_slot, book_appointment])
def test_a_service_without_an_actor_fails_and_writes_nothing(book):
    with pytest.raises(TypeError):
        book(patient=PatientFactory(), doctor=doctor_with_hours(), starts_at=at(9), by=None)

    assert not PatientFactory._meta.model.objects.get().appointments.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("sunday_noon")
def test_what_the_system_does_names_no_person_in_columns_and_log():
    visit = book_appointment(patient=PatientFactory(), doctor=doctor_with_hours(), starts_at=at(9), by=SYSTEM)

    with audit_context(actor=SYSTEM):
        cancel_appointment(appointment=visit, by=SYSTEM)

    logged = AuditEvent.objects.filter(model="scheduling.appointment", action="update").latest("pk")
    assert visit.booked_by is None
    assert {step.by for step in steps_of(visit)} == {None}
    assert (logged.actor_id, logged.actor_roles) == (None, "")
    assert logged.actor_label.startswith("system")
    assert expire_holds() == 0


def calls_with_nobody(source: str) -> Iterator[int]:
    """Lines that pass or default `by` to None, or ask whether it is."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg="by", value=ast.Constant(value=None)):
                yield node.value.lineno
            case ast.Compare(left=ast.Name(id="by"), comparators=[ast.Constant(value=None)]):
                yield node.lineno
            case ast.FunctionDef(args=args):
                given = zip(args.kwonlyargs, args.kw_defaults, strict=True)
                yield from (
                    arg.lineno
                    for arg, default in given
                    if arg.arg == "by" and isinstance(default, ast.Constant) and default.value is None
                )


def test_no_code_acts_as_nobody():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in SOURCES
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and path != ROOT / "hms/core/rights.py"
        for line in calls_with_nobody(path.read_text())
    ]

    assert found == []


def test_the_guard_sees_each_form_of_nobody():
    source = "def pay(*, by=None):\n    if by is None:\n        refund(by=None)\n    refund(by=SYSTEM)\n"

    assert sorted(calls_with_nobody(source)) == [1, 2, 3]
