"""Order sets: kept by doctors and departments, made from a draft, and added to another draft."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinical import exceptions
from clinical.exceptions import (
    EmptySet,
    NamesThePatient,
    NameTaken,
    NotYours,
    ScheduleUnclear,
    TemplateInUse,
    TemplateNotShared,
)
from clinical.models import (
    Encounter,
    LabOrder,
    LabTest,
    OrderSet,
    Prescription,
    PrescriptionTemplate,
)
from clinical.services import (
    apply_order_set,
    finish_visit,
    open_encounter,
    order_tests,
    save_as_order_set,
    save_draft,
    save_order_set,
)
from clinical.services.prescription_templates import save_prescription_template
from hms.core.rights import SYSTEM
from tests.clinical.prescribing import write
from tests.clinical.rows import TEXTS, doctor_at_work, visit_today
from tests.factories import PatientFactory, doctor_with_hours, staff
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C15")]

LIST = "/admin/clinical/orderset/"
LINES = {"diagnosis-TOTAL_FORMS": "2", "diagnosis-INITIAL_FORMS": "0"}
TABLETS = "amlodipine 5 1-0-0 30d\natorva 10 0-0-1 30d"
ADDED = ["medicine_lines", "test_lines", "advice"]


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def colleague(doctor):
    return doctor_with_hours(user=staff("doctor"), department=doctor.department)


@pytest.fixture
def head(doctor):
    """Heads the department of the doctor."""
    head = doctor_with_hours(user=staff("doctor"), department=doctor.department)
    head.department.head = head
    head.department.save()
    return head


@pytest.fixture
def draft(doctor):
    patient = PatientFactory(full_name="Asha Rest")
    return open_encounter(appointment=visit_today(doctor, patient, symptoms="Dizzy"), by=doctor.user)


@pytest.fixture
def page(draft):
    return f"/admin/consultation/{draft.appointment.reference}/"


@pytest.fixture
def at_work(client, doctor):
    client.force_login(doctor.user)
    return client


def template(owner, lines=TABLETS, name="Pressure", **fields) -> PrescriptionTemplate:
    row = PrescriptionTemplate(**owner, name=name, lines=lines, **fields)
    return save_prescription_template(template=row, by=SYSTEM)


def kept(owner, name="Hypertension", **fields) -> OrderSet:
    fields = {"test_lines": "renal, HbA1c", "advice": "Less salt.", "follow_up_days": 30} | fields
    return save_order_set(order_set=OrderSet(**owner, name=name, **fields), by=SYSTEM)


def typed(draft, **texts) -> Encounter:
    by = draft.recorded_by
    return save_draft(encounter=draft, **TEXTS | {"advice": ""} | texts, diagnoses=[], by=by)


def added(draft) -> list[str]:
    draft.refresh_from_db()
    return [getattr(draft, name) for name in ADDED]


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def test_a_set_fills_the_draft_and_orders_prescribes_and_signs_nothing(draft, doctor):
    order_set = kept({"doctor": doctor}, template=template({"doctor": doctor}))

    applied = apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)

    assert added(draft) == [TABLETS, "renal, HbA1c", "Less salt."]
    assert (draft.follow_up_on, draft.status, applied.left_out) == (in_days(30), "draft", [])
    assert not LabOrder.objects.exists()
    assert not Prescription.objects.exists()


def test_a_second_time_it_changes_nothing(draft, doctor):
    order_set = kept({"doctor": doctor}, template=template({"doctor": doctor}))
    apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)
    once = added(draft)

    applied = apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)

    assert added(draft) == once
    assert applied.left_out == [*TABLETS.splitlines(), "renal", "HbA1c"]


def test_what_the_doctor_typed_stays_and_is_not_doubled(draft, doctor):
    order_set = kept({"doctor": doctor}, template=template({"doctor": doctor}), advice="Less salt.")
    lines = "amlodipine 10 0-0-1 5d\nsomething unclear"
    typed(
        draft, medicine_lines=lines, test_lines="Glycated haemoglobin,\nCBC,", follow_up_on=in_days(7),
        advice="Walk. less  Salt.",
    )  # fmt: skip

    applied = apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)

    assert added(draft) == [
        f"{lines}\natorva 10 0-0-1 30d",
        "Glycated haemoglobin,\nCBC, renal",
        "Walk. less  Salt.",
    ]
    assert draft.follow_up_on == in_days(7)
    assert applied.left_out == ["amlodipine 5 1-0-0 30d", "HbA1c"]


def test_what_the_visit_has_ordered_and_prescribed_is_not_doubled(draft, doctor):
    order_set = kept({"doctor": doctor}, template=template({"doctor": doctor}))
    order_tests(appointment=draft.appointment, tests=[LabTest.objects.get(code="hba1c")], by=doctor.user)
    write(draft.patient, "atorvastatin 20 0-0-1 30 days")

    apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)

    assert added(draft) == ["amlodipine 5 1-0-0 30d", "renal", "Less salt."]


def test_what_is_out_of_use_is_left_out_and_named(draft, doctor):
    old = template({"doctor": doctor})
    order_set = kept({"doctor": doctor}, template=old)
    LabTest.objects.filter(code="hba1c").update(is_active=False)
    PrescriptionTemplate.objects.update(is_active=False)

    applied = apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)

    assert added(draft) == ["", "renal", "Less salt."]
    assert applied.left_out == ["Pressure", "HbA1c"]


def test_a_finished_visit_orders_and_prescribes_what_a_set_added(draft, doctor):
    order_set = kept({"doctor": doctor}, template=template({"doctor": doctor}))
    typed(draft, medicine_lines="amlodipine 5 1-0-0 5d")
    apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)

    finish_visit(encounter=draft, by=doctor.user)

    items = Prescription.objects.get().items.order_by("position")
    ordered = set(LabOrder.objects.values_list("test__code", flat=True))
    assert [item.name for item in items] == ["amlodipine", "atorvastatin"]
    assert ordered == {"creat", "urea", "uric", "na", "k", "cl", "egfr", "hba1c"}


def test_only_sets_of_the_doctor_and_the_department_that_are_in_use_are_added(draft, doctor, colleague):
    elsewhere = doctor_at_work()
    others = [
        kept({"doctor": colleague}),
        kept({"department": elsewhere.department}),
        kept({"doctor": doctor}, is_active=False),
    ]

    for order_set in others:
        with pytest.raises(NotYours):
            apply_order_set(encounter=draft, order_set=order_set, by=doctor.user)
    apply_order_set(encounter=draft, order_set=kept({"department": doctor.department}), by=doctor.user)

    assert added(draft) == ["", "renal, HbA1c", "Less salt."]


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
        ({"advice": "Salt", "medicine_lines": "dolo when it hurts"}, ScheduleUnclear),
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


def test_one_click_adds_a_set_and_keeps_every_typed_word(at_work, page, draft, doctor):
    order_set = kept({"department": doctor.department}, test_lines="renal, CBC")
    answers = {"plan": "Review", "advice": "Walk", "test_lines": "CBC", "apply_set": order_set.pk}

    answer = at_work.post(page, opened(at_work, page) | LINES | answers, follow=True)

    assert added(draft) == ["", "CBC, renal", "Walk\nLess salt."]
    assert (draft.plan, draft.follow_up_on, draft.status) == ("Review", in_days(30), "draft")
    assert "“Hypertension” is added. You can change everything. Left out" in answer.text


def test_a_set_never_overwrites_words_of_another_tab(at_work, page, draft, doctor):
    old = opened(at_work, page) | LINES | {"apply_set": kept({"doctor": doctor}).pk}
    at_work.post(page, opened(at_work, page) | LINES | {"advice": "Rest"})

    answer = at_work.post(page, old | {"advice": "Walk"})

    assert (answer.status_code, added(draft)) == (409, ["", "", "Rest"])
    assert answer.context["form"]["advice"].value() == "Walk"


@pytest.mark.parametrize("chosen", ["theirs", "0", "x", ""])
def test_a_set_that_is_not_offered_is_refused_and_no_word_is_lost(at_work, page, draft, colleague, chosen):
    theirs = kept({"doctor": colleague})

    asked = {"apply_set": theirs.pk if chosen == "theirs" else chosen, "plan": "Rest"}
    answer = at_work.post(page, opened(at_work, page) | LINES | asked)

    assert (added(draft), answer.context["form"]["plan"].value()) == (["", "", ""], "Rest")
    assert "Doctors keep their own" in answer.text


def test_the_page_keeps_the_draft_as_a_set(at_work, page, draft, doctor):
    asked = {"set_name": "Salt", "save_set": "1", "advice": "Less salt", "set_is_shared": "on"}

    nameless = at_work.post(page, opened(at_work, page) | LINES | asked | {"set_name": ""})
    at_work.post(page, opened(at_work, page) | LINES | asked)

    assert list(nameless.context["shortcuts"].form.errors) == ["set_name"]
    assert [(row.name, row.doctor, row.advice) for row in OrderSet.objects.all()] == [
        ("Salt", doctor, "Less salt")
    ]
    assert added(draft) == ["", "", "Less salt"]


def test_in_the_list_a_doctor_writes_a_set_with_one_of_their_templates(at_work, doctor, colleague):
    own, theirs = template({"doctor": doctor}), template({"doctor": colleague})
    answer = {"name": "Cold", "test_lines": "CBC", "template": own.pk, "is_active": "on"}

    wrong = send(at_work, f"{LIST}add/", answer | {"test_lines": "horoscope"})
    send(at_work, f"{LIST}add/", answer | {"template": theirs.pk})
    send(at_work, f"{LIST}add/", answer)

    assert wrong.context["adminform"].form.errors == {
        "test_lines": ["“horoscope” is not a test of the catalogue."]
    }
    assert [(row.doctor, row.template) for row in OrderSet.objects.all()] == [(doctor, own)]


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_page_cost_the_same_for_one_and_for_three_sets(
    count, at_work, page, doctor, django_assert_num_queries
):
    for number in range(count):
        kept({"department": doctor.department}, f"Set {number}", template=None)
    at_work.get(LIST)
    at_work.get(page)

    with django_assert_num_queries(7):
        at_work.get(LIST)
    with django_assert_num_queries(22):
        at_work.get(page)
