"""After a no-show: why it was, what staff see, and what the hospital asks before the next booking."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from billing.services import agree_to_pay_at_desk
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from scheduling.exceptions import BookByPhone, PayInAdvance
from scheduling.models import Appointment
from scheduling.offer_links import link_to_offer
from scheduling.services import (
    accept_offer,
    book_appointment,
    confirm_paid_booking,
    explain_missed,
    hold_slot,
    mark_no_show,
    offer_free_times,
)
from scheduling.services.missed import count_missed
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.opened import boxes_of, send
from tests.scheduling.admin_day import change_page, visit
from tests.scheduling.pages import links, text
from tests.scheduling.waiting_rows import open_offers, waits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S26")]


@pytest.fixture
def policy(settings):
    def ask(terms: str, limit: int = 2, gateway: str = "simulated") -> None:
        rules = {"no_show_limit": limit, "after_no_shows": terms, "no_show_days": 180}
        settings.BOOKING, settings.ONLINE_GATEWAY = settings.BOOKING | rules, gateway

    return ask


def missed(patient, doctor, *, days: int = 0) -> Appointment:
    """A no-show of so many days ago."""
    row = visit(doctor, 11, patient=patient)
    with time_machine.travel(row.ends_at):
        mark_no_show(appointment=row, by=SYSTEM)
    ago = timedelta(days=days)
    Appointment.objects.filter(pk=row.pk).update(starts_at=row.starts_at - ago, ends_at=row.ends_at - ago)
    row.refresh_from_db()
    return row


def page_of(row: Appointment) -> str:
    return f"/me/appointments/{row.reference}/missed/"


def test_the_patient_says_why_and_books_again_with_one_tap(client, doctor, patient, carer):
    row = missed(patient, doctor)

    shown = client.get(page_of(row))
    sent = send(client, page_of(row), {"missed_because": "travel", "missed_words": "The bus broke down"})

    row.refresh_from_db()
    assert "We missed you" in text(shown)
    assert len(links(shown, f"/book/{doctor.reference}/?at=")) == 3
    assert (sent.status_code, row.missed_because, row.missed_words) == (302, "travel", "The bus broke down")


def test_only_no_shows_are_explained_and_only_by_those_who_book_for_the_patient(
    client, doctor, patient, carer
):
    coming, row = visit(doctor, 10, patient=patient), missed(patient, doctor)
    of_another = missed(PatientFactory(), doctor)

    assert [client.get(page_of(each)).status_code for each in (coming, of_another)] == [404, 404]
    with pytest.raises(StepRefused):
        explain_missed(appointment=coming, missed_because="ill", by=carer)
    with pytest.raises(NotAllowed):
        explain_missed(appointment=of_another, missed_because="ill", by=carer)
    assert (
        explain_missed(appointment=row, missed_because="ill", by=staff("receptionist")).missed_because
        == "ill"
    )


def test_staff_see_how_many_visits_were_missed_lately_and_why(client, desk, doctor, patient, carer):
    row = missed(patient, doctor)
    missed(patient, doctor, days=170)
    missed(patient, doctor, days=190)
    explain_missed(appointment=row, missed_because="forgot", missed_words="Wrong day", by=carer)
    client.force_login(desk)

    of_visit, of_patient = client.get(change_page(row)), client.get(change_page(patient))

    assert "This patient missed 2 visits lately. Why it was missed: I forgot it. Wrong day" in text(of_visit)
    assert "This patient missed 2 visits lately." in text(of_patient)


def test_a_visit_that_is_long_over_and_not_yet_marked_counts(doctor, patient):
    row = visit(doctor, 11, patient=patient)

    with time_machine.travel(row.ends_at + timedelta(hours=13)):
        assert count_missed(patient.pk) == 1


def test_after_so_many_no_shows_a_patient_pays_before_a_time_is_booked(policy, doctor, patient, carer):
    policy("prepay")
    missed(patient, doctor)
    first = book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer)
    missed(patient, doctor)

    with pytest.raises(PayInAdvance):
        book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=carer)
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer)
    with pytest.raises(PayInAdvance):
        agree_to_pay_at_desk(appointment=held, by=carer)
    paid = confirm_paid_booking(appointment=held, by=carer)

    assert (first.status, paid.status) == ("booked", "booked")


def test_the_link_of_an_offer_is_no_way_around_what_is_asked_after_no_shows(client, policy, doctor, patient):
    policy("prepay", limit=1)
    missed(patient, doctor)
    waits(doctor, patient=patient)
    offer_free_times()
    (offer,) = open_offers()
    link = link_to_offer(offer)

    page = client.get(link)
    answer = client.post(link, {"fingerprint": boxes_of(page)["fingerprint"], "answer": "accept"})
    client.force_login(carer_of(patient))
    (pay,) = links(page, f"/book/{offer.hold.reference}/")

    offer.hold.refresh_from_db()
    assert (answer.status_code, offer.hold.status) == (409, "held")
    assert "a time is booked once it is paid online" in text(answer)
    assert 'value="upi"' in client.get(pay).text
    assert accept_offer(offer=offer, by=staff("receptionist")).hold.status == "booked"


def test_the_last_page_offers_such_a_patient_no_payment_at_the_desk(client, policy, doctor, patient, carer):
    held = hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer)
    before = client.get(held.get_finish_url())
    policy("prepay", limit=1)
    missed(patient, doctor)

    after = client.get(held.get_finish_url())

    assert ['value="desk"' in page.text for page in (before, after)] == [True, False]
    assert 'value="upi"' in after.text


@pytest.mark.parametrize(
    ("terms", "gateway", "fee"),
    [("phone", "simulated", 500), ("prepay", "", 500), ("prepay", "simulated", 0)],
)
def test_where_nothing_is_paid_online_the_desk_books_by_telephone(
    policy, patient, carer, terms, gateway, fee
):
    policy(terms, limit=1, gateway=gateway)
    doctor = doctor_with_hours(fee=Decimal(fee))
    missed(patient, doctor)

    with pytest.raises(BookByPhone) as refusal:
        hold_slot(patient=patient, doctor=doctor, starts_at=at(10), by=carer)
    booked = book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=staff("receptionist"))

    assert refusal.value.messages == [
        "After 1 missed visits we book by telephone, so that the time suits you: +91 80 4000 1200."
    ]
    assert booked.status == "booked"


def test_a_no_show_that_was_a_slip_or_long_ago_or_of_somebody_else_does_not_count(
    policy, doctor, patient, carer
):
    policy("phone", limit=1)
    missed(patient, doctor, days=181)
    missed(PatientFactory(), doctor)

    assert book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=carer).status == "booked"


def test_without_a_limit_nothing_is_asked(settings, doctor, patient):
    own = carer_of(patient)
    for _number in range(3):
        missed(patient, doctor)

    assert settings.BOOKING["no_show_limit"] == 0
    assert book_appointment(patient=patient, doctor=doctor, starts_at=at(10), by=own).status == "booked"
