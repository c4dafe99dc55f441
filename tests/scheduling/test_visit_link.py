"""The link in a message: a page on opening, an effect on sending its form, and only for its own time."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Guardianship
from accounts.services import revoke_guardianship
from audit.models import AuditEvent
from billing.models import Refund
from hms.core.rights import SYSTEM
from scheduling.exceptions import LinkOutdated
from scheduling.link_codes import with_end_of_care
from scheduling.models import Appointment, SlotClaim
from scheduling.offer_links import link_to_offer
from scheduling.services import (
    cancel_appointment,
    confirm_by_link,
    propose_times,
    reschedule_appointment,
)
from scheduling.statuses import AppointmentStatus
from scheduling.visit_links import code_of, visit_of
from tests.billing.rows import held, paid
from tests.factories import GuardianshipFactory, at, staff
from tests.scheduling.waiting_rows import enter_leave, open_offers

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("N02"),
    pytest.mark.usefixtures("sunday_noon"),
]


@pytest.fixture
def link(booked) -> str:
    return f"/v/{code_of(booked)}/"


@pytest.fixture
def stranger() -> Client:
    """A browser without a login."""
    return Client()


def test_opening_the_link_changes_nothing_and_names_no_patient(stranger, booked, patient, link):
    pages = [stranger.get(link), stranger.get(f"{link}?cancel=1"), stranger.head(link)]

    booked.refresh_from_db()
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert (booked.status, booked.coming_at) == (AppointmentStatus.BOOKED, None)
    shown = pages[0].content.decode()
    assert "Monday 23 November 2026, 9:00 AM" in shown
    assert [word in shown for word in (patient.full_name, "Cough", patient.mrn)] == [False] * 3
    assert "no-store" in pages[0]["Cache-Control"]


def test_saying_that_one_comes_is_kept_once_and_shown_on_the_board(stranger, booked, link):
    board = Client()
    board.force_login(staff("receptionist"))
    day = f"/admin/day-board/?day={at(9):%Y-%m-%d}"
    was = board.get(day).content.decode()
    stranger.post(link, {"step": "come"})
    booked.refresh_from_db()
    first = booked.coming_at
    with time_machine.travel(at(8), tick=False):
        stranger.post(link, {"step": "come"})

    booked.refresh_from_db()
    assert first is not None
    assert booked.coming_at == first
    assert "we expect you" in stranger.get(link).content.decode()
    assert ["confirmed" in page for page in (was, board.get(day).content.decode())] == [False, True]


def test_cancelling_releases_the_time_and_is_logged_without_a_person(stranger, booked, link):
    answers = [stranger.post(link, {"step": "cancel"}) for _twice in range(2)]

    booked.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (booked.status, booked.cancellation_reason) == ("cancelled", "By the link in a message")
    assert not SlotClaim.objects.filter(appointment=booked).exists()
    entry = AuditEvent.objects.filter(model="scheduling.appointment", object_pk=str(booked.pk)).latest("pk")
    assert (entry.actor_id, entry.changes["status"]) == (None, ["booked", "cancelled"])
    assert "is cancelled" in stranger.get(link).content.decode()


def test_what_was_paid_is_refunded(stranger):
    scene = held()
    payment = paid(scene)
    scene.visit.refresh_from_db()

    stranger.post(f"/v/{code_of(scene.visit)}/", {"step": "cancel"})

    assert Refund.objects.get().amount == payment.amount


def test_within_the_notice_it_does_not_cancel(stranger, booked, link):
    with time_machine.travel(booked.starts_at - timedelta(minutes=119), tick=False):
        page, answer = stranger.get(link).content.decode(), stranger.post(link, {"step": "cancel"})

    booked.refresh_from_db()
    assert (answer.status_code, booked.status) == (409, "booked")
    assert "It is too late to change this appointment online" in answer.content.decode()
    assert "I cannot come" not in page


def test_the_link_of_a_time_ends_when_the_visit_moves(stranger, booked, carer, link):
    stranger.post(link, {"step": "come"})
    reschedule_appointment(appointment=booked, starts_at=at(10), by=carer)
    booked.refresh_from_db()

    answers = [stranger.get(link), stranger.post(link, {"step": "cancel"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (booked.status, booked.coming_at) == ("booked", None)
    with pytest.raises(LinkOutdated):
        confirm_by_link(appointment=booked, starts_at=at(9))


@pytest.mark.parametrize("change", ["{}x", "x{}", "{:.10}", "{:.25}", "ZZZZZZZZZZ"])
def test_a_code_that_was_changed_opens_nothing(stranger, booked, change):
    code = change.format(code_of(booked))

    assert (visit_of(code), stranger.get(f"/v/{code}/").status_code) == (None, 404)


def test_the_form_is_protected_against_other_sites(booked, link):
    forged = Client(enforce_csrf_checks=True).post(link, {"step": "cancel"})

    booked.refresh_from_db()
    assert (forged.status_code, booked.status) == (403, "booked")


def test_a_visit_that_is_over_or_cancelled_cannot_be_confirmed(stranger, booked, carer, link):
    cancel_appointment(appointment=booked, by=carer)

    answer = stranger.post(link, {"step": "come"})

    booked.refresh_from_db()
    assert (answer.status_code, booked.coming_at) == (409, None)
    assert "I am coming" not in stranger.get(link).content.decode()


def test_an_unknown_step_does_nothing(stranger, booked, link):
    answer = stranger.post(link, {"step": "delete"})

    booked.refresh_from_db()
    assert (answer.status_code, booked.status) == (200, "booked")


def test_after_the_time_of_the_visit_nobody_is_expected_any_more(stranger, booked, link):
    with time_machine.travel(booked.ends_at + timedelta(minutes=1), tick=False):
        answer = stranger.post(link, {"step": "come"})

    booked.refresh_from_db()
    assert (answer.status_code, booked.status, booked.coming_at) == (409, "booked", None)
    page = answer.content.decode()
    assert ["I am coming" in page, "we expect you" in page] == [False, False]
    assert "Nothing can be changed here any more." in page


@pytest.mark.parametrize("end", ["revoked", "over"])
def test_the_link_that_a_former_carer_has_works_no_more(stranger, booked, patient, link, end):
    held = GuardianshipFactory(patient=patient)
    still = f"/v/{code_of(booked)}/"
    if end == "revoked":
        revoke_guardianship(guardianship=held, by=staff("receptionist"))
    else:
        Guardianship.objects.filter(pk=held.pk).update(ends_on=timezone.localdate())

    answer = stranger.post(link, {"step": "cancel"})

    booked.refresh_from_db()
    assert (still, answer.status_code, booked.status) == (link, 404, "booked")
    assert stranger.get(f"/v/{code_of(booked)}/").status_code == 200


def test_many_codes_need_no_query_of_their_own(booked, django_assert_num_queries):
    (row,) = with_end_of_care(Appointment.objects.all())

    with django_assert_num_queries(0):
        code = code_of(row)
    assert code == code_of(booked)


@pytest.mark.feature("S19")
def test_the_link_of_a_visit_that_the_doctor_cannot_keep_leads_to_the_other_times(stranger, booked, link):
    enter_leave(booked.doctor)
    propose_times()
    (offer,) = open_offers()

    answers = [
        stranger.get(link),
        stranger.post(link, {"step": "come"}),
        stranger.post(link, {"step": "cancel"}),
    ]

    booked.refresh_from_db()
    assert [answer["Location"] for answer in answers] == [link_to_offer(offer)] * 3
    assert (booked.status, booked.coming_at) == ("booked", None)
    cancel_appointment(appointment=booked, by=SYSTEM)
    assert stranger.get(link).status_code == 200
