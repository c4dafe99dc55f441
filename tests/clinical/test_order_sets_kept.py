"""Order sets that doctors and departments keep, and make from a draft."""

import pytest
from django.core.exceptions import ValidationError

from clinical import exceptions
from clinical.exceptions import (
    EmptySet,
    LinesRefused,
    NamesThePatient,
    NameTaken,
    NotYours,
    TemplateInUse,
    TemplateNotShared,
)
from clinical.models import (
    OrderSet,
    PrescriptionTemplate,
)
from clinical.services import (
    save_as_order_set,
    save_order_set,
)
from clinical.services.prescription_templates import save_prescription_template
from tests.clinical.order_sets import TABLETS, draft_of_asha, in_days, kept, template, typed
from tests.clinical.rows import doctor_at_work

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C15")]

LIST = "/admin/clinical/orderset/"
LINES = {"diagnosis-TOTAL_FORMS": "2", "diagnosis-INITIAL_FORMS": "0"}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def draft(doctor):
    return draft_of_asha(doctor)


def test_doctors_keep_their_own_and_the_head_those_of_the_department(doctor, colleague, head):
    own, shared = kept({"doctor": doctor}), kept({"department": doctor.department})

    save_order_set(order_set=own, by=doctor.user)
    save_order_set(order_set=shared, by=head.user)
    for order_set, by in [(own, colleague), (own, head), (shared, doctor), (shared, colleague)]:
        with pytest.raises(NotYours):
            save_order_set(order_set=order_set, by=by.user)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"test_lines": "", "advice": " ", "follow_up_days": None}, EmptySet),
        ({"test_lines": "CBC, horoscope"}, exceptions.TestUnknown),
        ({"follow_up_days": 0, "advice": "x"}, ValidationError),
        ({"follow_up_days": 731}, ValidationError),
        ({"name": " "}, ValidationError),
    ],
)
def test_a_set_that_adds_nothing_or_cannot_be_carried_out_is_refused(doctor, fields, refusal):
    with pytest.raises(refusal):
        kept({"doctor": doctor}, **fields)


def test_a_set_takes_only_templates_that_its_doctors_may_use(doctor, colleague):
    own, shared = {"doctor": doctor}, {"department": doctor.department}
    elsewhere = {"department": doctor_at_work().department}

    kept(own, "own", template=template(own))
    kept(own, "of both", template=template(shared))
    kept(shared, "shared", template=template(shared, name="Other"))
    refused = [(shared, own), (own, {"doctor": colleague}), (own, elsewhere), (shared, elsewhere)]
    for number, (set_of, template_of) in enumerate(refused):
        with pytest.raises(TemplateNotShared):
            kept(set_of, template=template(template_of, name=f"Template {number}"))


def test_a_template_that_sets_of_others_use_stays_with_the_department(head, doctor):
    shared = {"department": head.department}
    row = template(shared)
    kept({"doctor": doctor}, template=row)
    row.doctor, row.department = head, None

    with pytest.raises(TemplateInUse):
        save_prescription_template(template=row, by=head.user)
    OrderSet.objects.update(template=None)

    assert save_prescription_template(template=row, by=head.user).doctor == head


def test_a_draft_is_kept_as_a_set_with_a_template(draft, doctor):
    typed(
        draft, medicine_lines=f"{TABLETS}\n", test_lines="CBC\nrenal", advice="Salt", follow_up_on=in_days(30)
    )

    made = [
        save_as_order_set(encounter=draft, name=" Pressure ", by=doctor.user),
        save_as_order_set(encounter=draft, name="Pressure", by=doctor.user),
    ]

    order_set = OrderSet.objects.get()
    assert made == [order_set, order_set]
    assert (order_set.name, order_set.doctor, order_set.department) == ("Pressure", doctor, None)
    assert (order_set.test_lines, order_set.advice, order_set.follow_up_days) == ("CBC, renal", "Salt", 30)
    assert (order_set.template.name, order_set.template.lines) == ("Pressure", TABLETS)
    assert order_set.template.doctor == doctor


def test_a_draft_becomes_a_set_only_whole(draft, doctor):
    template({"doctor": doctor}, name="Pressure")
    refused = [
        ({"advice": "Salt", "medicine_lines": "dolo 650 sos"}, NameTaken),
        ({"advice": "Mrs Rest: less salt"}, NamesThePatient),
        ({"advice": "Salt", "medicine_lines": "dolo when it hurts"}, LinesRefused),
        ({"medicine_lines": "dolo 650 sos", "test_lines": "horoscope"}, NameTaken),
        ({"test_lines": "horoscope"}, exceptions.TestUnknown),
        ({}, EmptySet),
    ]

    for texts, refusal in refused:
        typed(draft, **texts)
        name = "Pressure" if refusal is NameTaken else "Other"
        with pytest.raises(refusal):
            save_as_order_set(encounter=draft, name=name, by=doctor.user)

    assert (OrderSet.objects.count(), PrescriptionTemplate.objects.count()) == (0, 1)


def test_only_the_head_keeps_a_draft_for_the_department(draft, doctor, head):
    typed(draft, advice="Salt", medicine_lines=TABLETS)

    with pytest.raises(NotYours):
        save_as_order_set(encounter=draft, name="Salt", department=doctor.department, by=doctor.user)
    doctor.department.head = doctor
    doctor.department.save()
    made = save_as_order_set(encounter=draft, name="Salt", department=doctor.department, by=doctor.user)

    assert (made.doctor, made.department, made.template.department) == (None, *[doctor.department] * 2)
