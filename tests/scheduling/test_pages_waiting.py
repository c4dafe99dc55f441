"""The waiting list as patients see it, and the page of an offer for whoever holds its link."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.services import revoke_guardianship
from hms.core.rights import SYSTEM
from scheduling.models import Appointment, Offer, WaitingListEntry
from scheduling.offer_links import code_of, link_to_offer
from scheduling.services import cancel_appointment, offer_free_times, propose_times
from tests.factories import GuardianshipFactory, PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.opened import boxes_of
from tests.scheduling.admin_day import visit
from tests.scheduling.pages import error_summary, heading, links, text
from tests.scheduling.waiting_rows import enter_leave, fill, open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S18"), pytest.mark.usefixtures("sunday_noon")]
LIST, JOIN = "/me/waiting/", "/me/waiting/join/"


@pytest.fixture
def doctor():
    """Tomorrow at nine and at half past nine."""
    return doctor_with_hours(time(9), time(10), full_name="Dr Mehta")


@pytest.fixture
def patient():
    return PatientFactory(full_name="Asha Rao")


@pytest.fixture
def carer(client, patient):
    user = carer_of(patient)
    client.force_login(user)
    return user


@pytest.fixture
def offer(doctor, patient):
    waits(doctor, patient=patient)
    offer_free_times()
    return open_offers()[0]


def joining(patient, **changes) -> dict:
    today = timezone.localdate()
    form = {"patient": patient.reference, "first_day": today, "last_day": today + timedelta(days=5)}
    return form | {"earliest": "", "latest": "", "branch": "", "mode": ""} | changes


def shown(page) -> dict:
    """What the buttons of the page carry."""
    return {"fingerprint": boxes_of(page)["fingerprint"]}


def press(client, offer, answer: str, **data):
    """Open the page of the offer and press a button."""
    link = link_to_offer(offer)
    return client.post(link, {**shown(client.get(link)), "answer": answer, **data})


def test_the_pages_of_doctor_and_department_lead_to_the_list(client, doctor):
    department = doctor.department
    assert links(client.get(doctor.get_absolute_url()), JOIN) == [f"{JOIN}?doctor={doctor.reference}"]
    page = client.get(f"/departments/{department.slug}/")
    assert links(page, JOIN) == [f"{JOIN}?department={department.slug}"]


@pytest.mark.usefixtures("carer")
def test_joining_and_leaving_with_ones_place(client, doctor, patient):
    waits(doctor, urgency=1, days=(2, 2)), waits(doctor, days=(9, 9)), waits(department=doctor.department)
    address = f"{JOIN}?doctor={doctor.reference}"

    answer = client.post(address, joining(patient, earliest="09:15", mode="in_person"), follow=True)

    assert "You are on the waiting list." in text(answer)
    assert "Dr Mehta Patient Asha Rao" in text(answer)
    assert "9:15 AM – 11:59 PM" in text(answer)  # noqa: RUF001 - a range
    assert "Place in the order 3" in text(answer)
    assert client.post(address, joining(patient)).status_code == 409

    entry = WaitingListEntry.objects.get(patient=patient)
    leave = f"/me/waiting/{entry.reference}/leave/"
    answer = client.post(leave, shown(client.get(leave)), follow=True)
    assert "Left the list" in text(answer)


@pytest.mark.usefixtures("carer")
def test_what_is_wrong_is_said_at_its_box(client, doctor, patient):
    today = timezone.localdate()
    wrong = {"first_day": today, "last_day": today - timedelta(days=1), "earliest": "12:00", "latest": "9:00"}

    answer = client.post(f"{JOIN}?doctor={doctor.reference}", joining(patient, **wrong))

    assert error_summary(answer) == [
        "Until day: The last must not be before the first.",
        "Not after: The last must not be before the first.",
    ]
    past = {"first_day": today - timedelta(days=3), "last_day": today - timedelta(days=1)}
    answer = client.post(f"{JOIN}?doctor={doctor.reference}", joining(patient, **past))
    assert error_summary(answer) == ["Until day: This day is over. Choose a day to come."]
    assert not WaitingListEntry.objects.exists()


def test_only_those_whom_one_may_book_for_can_be_chosen(client, doctor, patient):
    client.force_login(GuardianshipFactory(patient=patient, may_book=False).user)
    answer = client.post(f"{JOIN}?doctor={doctor.reference}", joining(patient))

    assert "There is nobody you can book for yet" in text(answer)
    assert not WaitingListEntry.objects.exists()
    assert client.get(f"{JOIN}?doctor=NOBODY").status_code == 404


@pytest.mark.usefixtures("carer")
def test_the_list_leads_to_the_offer(client, offer):
    assert links(client.get(LIST), "/offers/") == [link_to_offer(offer)]
    assert link_to_offer(offer) in links(client.get("/me/appointments/"), "/offers/")


def test_whoever_holds_the_link_books_without_a_login(client, offer, patient):
    page = client.get(link_to_offer(offer))

    assert (page.status_code, heading(page)) == (200, "A time for Asha")
    assert "Monday 23 November 2026, 9:00 AM" in text(page)
    assert "costs ₹559.00 with tax" in text(page)
    assert (page["X-Robots-Tag"], "no-store" in page["Cache-Control"]) == ("noindex, nofollow", True)
    assert Offer.objects.get().status == "open"

    for _twice in range(2):
        answer = client.post(link_to_offer(offer), {**shown(page), "answer": "accept"}, follow=True)
        assert heading(answer) == "Your time is booked"
    assert patient.appointments.get().status == "booked"


def test_declining_by_the_link(client, offer, patient):
    press(client, offer, "decline")

    assert heading(client.get(link_to_offer(offer))) == "You have declined this time"
    assert patient.appointments.get().status == "expired"


def test_a_link_that_nobody_signed_finds_nothing(client, offer):
    for token in (offer.reference, code_of(offer)[:-1], "NOBODY2345" + code_of(offer)[10:]):
        assert client.get(f"/offers/{token}/").status_code == 404


def test_an_offer_that_has_run_out_says_so(client, offer):
    page = client.get(link_to_offer(offer))
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        answer = client.post(link_to_offer(offer), {**shown(page), "answer": "accept"})
        assert answer.status_code == 409
        assert "This offer is over" in text(answer)


def test_the_log_names_who_answered_with_a_login(client, offer, carer):
    press(client, offer, "accept")
    assert Offer.objects.get().settled_by == carer


@pytest.mark.feature("S19")
class TestLeave:
    """The page for a visit that a leave broke."""

    @pytest.fixture
    def booked(self, doctor, patient):
        return visit(doctor, 9, days=1, patient=patient)

    @pytest.fixture
    def offer(self, booked):
        enter_leave(booked.doctor)
        propose_times()
        return Offer.objects.get(displaced=booked)

    def test_it_shows_the_visit_the_held_time_and_others_and_changes_nothing(self, client, offer, booked):
        page = client.get(link_to_offer(offer))

        assert heading(page) == "Your visit needs another time"
        for each in ("Monday 23 November 2026, 9:00 AM", "Tuesday 24 November 2026, 9:00 AM"):
            assert each in text(page)
        others = re.findall(r'name="time"[^>]*value="([^"]*)"', page.text)
        assert others[0] == f"{booked.doctor.reference}@20261124T0830Z"
        assert len(others) == 6
        booked.refresh_from_db()
        assert booked.starts_at == at(9)
        client.force_login(carer_of(booked.patient))
        own = client.get(booked.get_absolute_url())
        assert links(own, "/offers/") == [link_to_offer(offer)]

    def test_each_answer_by_the_link(self, client, offer, booked):
        press(client, offer, "choose", time=f"{booked.doctor.reference}@20261125T0830Z")
        booked.refresh_from_db()
        assert booked.starts_at == at(9, 30, days=3)
        assert heading(client.get(link_to_offer(offer))) == "Your visit has moved"

    def test_accepting_moves_and_refunding_cancels(self, client, offer, booked, doctor):
        press(client, offer, "accept")
        booked.refresh_from_db()
        assert booked.starts_at == at(9, days=2)
        other = fill(doctor, at(9, 30, days=2))[0]
        enter_leave(doctor, days=2)
        propose_times()
        press(client, Offer.objects.get(displaced=other), "refund")
        other.refresh_from_db()
        assert other.status == "cancelled"

    def test_a_button_counts_for_the_time_that_was_shown(self, client, offer, booked):
        page = client.get(link_to_offer(offer))
        enter_leave(booked.doctor, days=2)
        propose_times()

        answer = client.post(link_to_offer(offer), {**shown(page), "answer": "accept"})

        assert answer.status_code == 409
        booked.refresh_from_db()
        assert booked.starts_at == at(9)

    def test_a_time_that_is_gone_or_was_never_offered_is_refused(self, client, offer, booked):
        for chosen in ("", "x@y", f"{booked.doctor.reference}@20261123T0800Z"):
            answer = press(client, offer, "choose", time=chosen)
            assert answer.status_code == 409
            assert "This time is no longer free." in text(answer)
        assert Appointment.objects.get(pk=booked.pk).starts_at == at(9)


def test_the_page_of_an_accepted_offer_tells_of_no_visit_that_is_cancelled(client, offer):
    press(client, offer, "accept")
    booked = heading(client.get(link_to_offer(offer)))

    cancel_appointment(appointment=offer.hold, by=SYSTEM)

    page = client.get(link_to_offer(offer))
    assert (booked, heading(page)) == ("Your time is booked", "Nothing to answer any more")
    assert "has been cancelled, or is over" in text(page)


def test_the_link_that_a_former_carer_has_answers_nothing(client, patient, carer, offer):
    link = link_to_offer(offer)
    before = client.get(link).status_code
    revoke_guardianship(guardianship=carer.guardianships.get(), by=staff("receptionist"))

    assert (before, client.get(link).status_code) == (200, 404)
    assert client.get(link_to_offer(offer)).status_code == 200
