"""Order sets: kept by doctors and departments, made from a draft, and applied to another one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.names import folded, tidy
from clinical.exceptions import (
    EmptySet,
    NamesThePatient,
    NameTaken,
    NotYours,
    TemplateNotShared,
    typed_at,
)
from clinical.models import Encounter, LabOrder, OrderSet, PrescriptionItem, PrescriptionTemplate
from clinical.services.encounters import lock_own_draft
from clinical.services.kept import require_keeper, usable
from clinical.services.prescription_lines import line_from
from clinical.services.prescription_templates import save_prescription_template
from clinical.services.typed_tests import catalogue, names_in, tests_in
from clinical.statuses import PrescriptionStatus
from hms.core.folded import same_name
from hms.core.refusals import Refusal
from hms.core.transactions import retried_atomic
from scheduling.models import Department, Doctor

SHORTEST_NAME = 3
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Applied:
    encounter: Encounter
    left_out: list[str]  # was there already, or is no longer in use


@retried_atomic
def save_order_set(*, order_set: OrderSet, by) -> OrderSet:
    """Save an own set or, as the head, one of the department.

    Refuses an empty set, unknown tests, and a template that not everybody who uses the set may use.
    """
    require_keeper(order_set, by)
    order_set.name, order_set.advice = tidy(order_set.name), order_set.advice.strip()
    with typed_at("test_lines"):
        tests_in(order_set.test_lines)
    order_set.test_lines = ", ".join(names_in(order_set.test_lines))
    if not any((order_set.test_lines, order_set.template, order_set.advice, order_set.follow_up_days)):
        raise EmptySet
    _refuse_template(order_set)
    order_set.full_clean()
    order_set.save()
    return order_set


@retried_atomic
def save_as_order_set(
    *, encounter: Encounter, name: str, department: Department | None = None, by
) -> OrderSet:
    """Make a set of what is typed in the draft: medicines, tests, advice and the time until the follow-up.

    The medicines become a template of the same name. Refuses a name that is used already, and words that
    name the patient. A second call changes nothing.
    """
    encounter, name = lock_own_draft(encounter, by), tidy(name)
    _refuse_names(encounter)
    doctor = Doctor.objects.filter(user=by).first()
    if doctor is None:
        raise NotYours
    owner = {"department": department} if department else {"doctor": doctor}
    content = _content_of(encounter)
    if same := OrderSet.objects.filter(same_name(OrderSet, "name", name), **owner).first():
        if all(getattr(same, field) == value for field, value in content.items()):
            return same
        raise NameTaken(name=name)
    template = _template_for(encounter, name, owner, by)
    return save_order_set(order_set=OrderSet(**owner, name=name, template=template, **content), by=by)


@retried_atomic
def apply_order_set(*, encounter: Encounter, order_set: OrderSet, by) -> Applied:
    """Add to the draft what of the set is not there yet; nothing is ordered, prescribed or signed by it.

    Typed words and a follow-up date stay as they are. Refuses a set that is not open to the doctor.
    """
    encounter, order_set = lock_own_draft(encounter, by), usable(order_set, by)
    left_out: list[str] = []
    medicines = list(_new_medicines(encounter, order_set.template, left_out))
    tests = list(_new_tests(encounter, order_set, left_out))
    encounter.medicine_lines = _joined("\n", encounter.medicine_lines, *medicines)
    encounter.test_lines = _joined(", ", encounter.test_lines, *tests)
    if _plain(order_set.advice) not in _plain(encounter.advice):
        encounter.advice = _joined("\n", encounter.advice, order_set.advice)
    if order_set.follow_up_days and encounter.follow_up_on is None:
        encounter.follow_up_on = timezone.localdate() + timedelta(days=order_set.follow_up_days)
    encounter.full_clean(validate_unique=False)
    encounter.save(update_fields=["medicine_lines", "test_lines", "advice", "follow_up_on"])
    return Applied(encounter, left_out)


def _new_medicines(encounter: Encounter, template: PrescriptionTemplate | None, left_out) -> Iterator[str]:
    if template is None:
        return
    if not template.is_active:
        left_out.append(str(template))
        return
    items = PrescriptionItem.objects.filter(prescription__appointment=encounter.appointment_id)
    prescribed = items.exclude(prescription__status=PrescriptionStatus.WITHDRAWN)
    known = {folded(name) for name in prescribed.values_list("name", flat=True)}
    known |= set(map(_substance, encounter.medicine_lines.splitlines()))
    for line in template.lines.splitlines():
        if _substance(line) in known:
            left_out.append(line)
        else:
            yield line


def _substance(line: str) -> str:
    """The generic name that the line means, whatever its strength and form; else the line itself."""
    try:
        found = line_from(line)
    except Refusal:
        return folded(line)
    return folded(found.medicine.name if found.medicine else found.name)


def _new_tests(encounter: Encounter, order_set: OrderSet, left_out) -> Iterator[str]:
    by_name = catalogue()
    known = {by_name.get(folded(name)) for name in names_in(encounter.test_lines)}
    orders = LabOrder.objects.filter(appointment=encounter.appointment_id).open()
    for order in orders.select_related("test", "panel"):
        known |= {order.test, order.panel}
    for name in names_in(order_set.test_lines):
        row = by_name.get(folded(name))
        if row is None or row in known:
            left_out.append(name)
        else:
            known.add(row)
            yield name


def _joined(separator: str, text: str, *more: str) -> str:
    """The text as it is, if nothing is added."""
    added = list(filter(None, more))
    if not added:
        return text
    return separator.join(filter(None, [text.rstrip(f" {separator}"), *added]))


def _content_of(encounter: Encounter) -> dict:
    """What a set takes from the draft, without the medicines."""
    days = (encounter.follow_up_on - timezone.localdate()).days if encounter.follow_up_on else 0
    return {
        "test_lines": ", ".join(names_in(encounter.test_lines)),
        "advice": encounter.advice,
        "follow_up_days": max(days, 0) or None,
    }


def _template_for(encounter: Encounter, name: str, owner: dict, by) -> PrescriptionTemplate | None:
    """A template of the owner's that has the same lines, or a new one."""
    lines = "\n".join(filter(None, map(tidy, encounter.medicine_lines.splitlines())))
    if not lines:
        return None
    same = PrescriptionTemplate.objects.filter(**owner, lines=lines, is_active=True).first()
    if same is not None:
        return same
    if PrescriptionTemplate.objects.filter(same_name(PrescriptionTemplate, "name", name), **owner).exists():
        raise NameTaken(name=name)
    with typed_at("medicine_lines"):
        template = PrescriptionTemplate(**owner, name=name, lines=lines)
        return save_prescription_template(template=template, by=by)


def _refuse_template(order_set: OrderSet) -> None:
    template = order_set.template
    if template is None:
        return
    if order_set.department_id:
        is_shared = template.department_id == order_set.department_id
    else:
        is_shared = template.doctor_id == order_set.doctor_id or (
            PrescriptionTemplate.objects.readable_by(order_set.doctor.user).filter(pk=template.pk).exists()
        )
    if not is_shared:
        raise TemplateNotShared


def _refuse_names(encounter: Encounter) -> None:
    """A set is kept outside the patient's record and must not hold anything of it."""
    names = {word for word in _plain(encounter.patient.full_name).split() if len(word) >= SHORTEST_NAME}
    for field in ("advice", "medicine_lines"):
        if found := names & set(WORD.findall(_plain(getattr(encounter, field)))):
            with typed_at(field):
                raise NamesThePatient(name=min(found).title())


def _plain(text: str) -> str:
    return tidy(text).casefold()
