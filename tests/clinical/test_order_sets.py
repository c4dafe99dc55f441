"""Order sets added to a draft, and the pages that do it."""

import pytest

from clinical.exceptions import (
    NotYours,
)
from clinical.models import (
    LabOrder,
    LabTest,
    OrderSet,
    Prescription,
    PrescriptionTemplate,
)
from clinical.services import (
    apply_order_set,
    finish_visit,
    order_tests,
    record_no_known_allergies,
)
from tests.clinical.order_sets import TABLETS, added, draft_of_asha, in_days, kept, template, typed
from tests.clinical.prescribing import write
from tests.clinical.rows import doctor_at_work
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C15")]

LIST = "/admin/clinical/orderset/"
LINES = {"diagnosis-TOTAL_FORMS": "2", "diagnosis-INITIAL_FORMS": "0"}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def draft(doctor):
    return draft_of_asha(doctor)


@pytest.fixture
def page(draft):
    return f"/admin/consultation/{draft.appointment.reference}/"


@pytest.fixture
def at_work(client, doctor):
    client.force_login(doctor.user)
    return client


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
    record_no_known_allergies(patient=draft.patient, by=doctor.user)

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
    with django_assert_num_queries(26):
        at_work.get(page)
