"""The desk puts patients on the waiting list, and calls those who have not answered."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.roles import STAFF_ROLES
from scheduling.models import Offer, WaitingListEntry
from scheduling.offer_links import link_to_offer
from scheduling.services import offer_free_times, propose_times
from tests.factories import PatientFactory, at, doctor_with_hours, staff
from tests.opened import boxes_of
from tests.scheduling.admin_day import change_page, errors, list_page, page, visit
from tests.scheduling.pages import heading, links, text
from tests.scheduling.waiting_rows import enter_leave, fill, waits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon")]
ADD = page("scheduling_waitinglistentry_add")


@pytest.fixture
def doctor():
    return doctor_with_hours(time(9), time(10), full_name="Dr Mehta")


@pytest.fixture
def desk(client):
    user = staff("receptionist")
    client.force_login(user)
    return user


def entry_form(patient, **changes) -> dict:
    today = timezone.localdate()
    form = {"patient": patient.pk, "doctor": "", "department": "", "urgency": 2, "branch": "", "mode": ""}
    form |= {"visit_kind": "", "first_day": today, "last_day": today + timedelta(days=5)}
    return form | {"earliest": "00:00", "latest": "23:59"} | changes


@pytest.mark.feature("S18")
def test_the_desk_adds_changes_and_takes_off(client, desk, doctor):
    patient = PatientFactory()
    client.post(ADD, entry_form(patient, doctor=doctor.pk))
    entry = WaitingListEntry.objects.get()
    assert (entry.patient, entry.doctor, entry.urgency, entry.added_by) == (patient, doctor, 2, desk)

    shown = boxes_of(client.get(change_page(entry)))
    client.post(change_page(entry), shown | {"urgency": 1})
    entry.refresh_from_db()
    assert entry.urgency == 1

    listed = client.get(list_page(WaitingListEntry))
    taken = {"action": "take_off_selected", "_selected_action": [entry.pk]}
    taken[f"row-{entry.pk}-fingerprint"] = boxes_of(listed)[f"row-{entry.pk}-fingerprint"]
    answer = client.post(list_page(WaitingListEntry), taken, follow=True)
    assert "1 patient taken off the list." in text(answer)
    entry.refresh_from_db()
    assert entry.status == "left"


@pytest.mark.feature("S18")
@pytest.mark.usefixtures("desk")
def test_what_is_wrong_is_said_at_the_field(client, doctor):
    patient = PatientFactory()
    assert "department" in errors(client.post(ADD, entry_form(patient)))
    both = entry_form(patient, doctor=doctor.pk, department=doctor.department_id)
    assert "department" in errors(client.post(ADD, both))
    waits(doctor, patient=patient)
    assert "already" in text(client.post(ADD, entry_form(patient, doctor=doctor.pk)))


@pytest.mark.feature("S18")
@pytest.mark.usefixtures("desk")
def test_the_list_is_in_the_order_of_the_offers_and_costs_the_same_for_any_length(
    client, doctor, django_assert_num_queries
):
    patients = [waits(doctor, urgency=urgency).patient for urgency in (0, 2, 1)]

    with django_assert_num_queries(15):
        answer = client.get(list_page(WaitingListEntry))
    for patient in [PatientFactory() for _each in range(3)]:
        waits(doctor, patient=patient)
    with django_assert_num_queries(15):
        client.get(list_page(WaitingListEntry))

    names = [row.patient for row in answer.context["cl"].result_list]
    assert names[:3] == [patients[1], patients[2], patients[0]]


@pytest.mark.feature("S18")
@pytest.mark.usefixtures("desk")
def test_the_links_of_three_offers_cost_no_more_queries_than_of_one(
    client, doctor, django_assert_max_num_queries
):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            waits(doctor, days=(1, 3))
        offer_free_times()
        with django_assert_max_num_queries(40) as queries:
            page = client.get(list_page(Offer))
        counts.append((page.content.decode().count("/offers/"), len(queries)))

    assert [shown for shown, _count in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


@pytest.mark.feature("S18")
@pytest.mark.usefixtures("desk")
def test_one_filter_finds_who_waits_for_a_department_and_for_a_doctor_of_it(client, doctor):
    waiting = [waits(doctor), waits(department=doctor.department)]
    waits(doctor_with_hours())

    answer = client.get(list_page(WaitingListEntry), {"department": doctor.department.slug})

    assert set(answer.context["cl"].result_list) == set(waiting)


@pytest.mark.feature("S19")
@pytest.mark.usefixtures("desk")
def test_who_has_not_answered_is_listed_with_the_telephone_number_and_the_page_to_answer(client, doctor):
    booked = visit(doctor, 9, days=1)
    settled = fill(doctor, at(9, 30))[0]
    enter_leave(doctor)
    propose_times()
    with time_machine.travel(timezone.now() + timedelta(hours=24), tick=False):
        Offer.objects.filter(displaced=settled).update(status="declined", open_key=None)
        offer_free_times()
        answer = client.get(list_page(Offer), {"show": "call"})

        (row,) = answer.context["cl"].result_list
        assert row.displaced == booked
        assert booked.patient.phone.as_international in text(answer)
        assert links(answer, "/offers/") == [link_to_offer(row)]
        opened = client.get(link_to_offer(row))
        shown = {"fingerprint": boxes_of(opened)["fingerprint"]}
        chosen = f"{doctor.reference}@20261125T0800Z"
        answered = client.post(link_to_offer(row), shown | {"answer": "choose", "time": chosen}, follow=True)
        assert links(answered, list_page(Offer)) == [list_page(Offer)]
        assert links(answered, "/me/waiting/") == []

    booked.refresh_from_db()
    assert booked.starts_at == at(9, days=3)


@pytest.mark.feature("S18")
@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("model", "name"), [(Offer, "Offered times"), (WaitingListEntry, "Waiting list")])
def test_a_list_is_called_as_the_links_to_it(client, model, name):
    assert list_page(model) in links(client.get("/admin/"), list_page(model))
    assert heading(client.get(list_page(model))) == name


@pytest.mark.feature("S18")
def test_the_desk_and_administrators_see_both_lists(client, doctor):
    waits(doctor)
    offer_free_times()
    seen = {}
    for role in STAFF_ROLES:
        client.force_login(staff(role))
        lists = [client.get(list_page(model)).status_code for model in (WaitingListEntry, Offer)]
        seen[role.value] = lists == [200, 200]

    assert {role for role, may in seen.items() if may} == {"receptionist", "administrator"}
