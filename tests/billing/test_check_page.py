"""The check page before the booking."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Guardianship
from audit.models import AuditEvent
from billing.models import BillingProfile, Invoice, Payment
from billing.statuses import PaymentStatus
from hms.core.rights import SYSTEM
from scheduling.moments import compact
from scheduling.services import cancel_appointment, edit_symptoms
from scheduling.statuses import AppointmentStatus
from tests.billing.check_page import page, send
from tests.billing.rows import cashier, held, paid, started, status_of
from tests.factories import UserFactory, at, carer_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S08")]

D = Decimal


def test_the_page_shows_the_price_line_by_line_before_anything_is_paid(client, scene):
    answer = client.get(page(scene))

    text = answer.content.decode()
    for words in (
        scene.patient.full_name,
        scene.doctor.full_name,
        "₹500.00",
        "Exempt from GST",
        "GST 18% on: Service charge",
        "CGST ₹4.50 + SGST ₹4.50",
        "₹9.00",
        "₹559.00",
    ):
        assert words in text  # fmt: skip
    assert f'data-until="{timezone.localtime(scene.visit.held_until).isoformat()}"' in text
    assert not Invoice.objects.exists()


@pytest.mark.feature("C09")
def test_symptoms_are_shown_to_the_carer_and_not_at_the_desk(client, scene):
    edit_symptoms(appointment=scene.visit, symptoms="Cough since Monday", by=SYSTEM)
    texts = [client.get(page(scene)).text]
    client.force_login(staff("receptionist"))
    texts.append(client.get(page(scene)).text)

    assert ["Cough since Monday" in text for text in texts] == [True, False]
    assert all("₹559.00" in text for text in texts)


def test_the_page_links_back_to_every_choice(client, scene):
    text = client.get(page(scene)).content.decode()

    same_time = compact(scene.visit.starts_at)
    assert text.count(f'href="/book/{scene.doctor.reference}/?at={same_time}"') == 2
    assert f'href="/doctors/{scene.doctor.reference}/?day={at(9):%Y-%m-%d}"' in text
    assert 'href="/doctors/"' in text


def test_paying_at_the_desk_books_and_redirects_to_the_confirmation(client, scene):
    answer = send(client, scene)

    assert (answer.status_code, answer.url) == (302, f"/book/{scene.visit.reference}/done/")
    assert status_of(scene) == AppointmentStatus.BOOKED
    assert scene.invoice.is_due


@pytest.mark.parametrize(("way", "method"), [("card", "card"), ("upi", "upi"), ("online", "card")])
def test_paying_online_leads_to_the_bank(client, scene, way, method):
    answer = send(client, scene, pay=way)

    payment = scene.payment
    assert (answer.status_code, answer.url) == (302, f"/pay/simulated/{payment.reference}/")
    assert (payment.method, payment.status, payment.amount) == (method, PaymentStatus.PENDING, D("559.00"))
    assert status_of(scene) == AppointmentStatus.HELD


@pytest.mark.parametrize("way", ["desk", "card"])
def test_sending_the_form_twice_gives_the_first_result(client, scene, way):
    answers = [send(client, scene, pay=way) for _n in range(2)]

    assert answers[0].url == answers[1].url
    assert Payment.objects.count() == (0 if way == "desk" else 1)
    assert Invoice.objects.count() == 1


def test_each_page_has_a_key_of_its_own(client, scene):
    keys = {client.get(page(scene)).context["key"] for _n in range(2)}

    assert len(keys) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pay": ""}, "Choose how you want to pay."),
        ({"pay": "gold"}, "Choose one of the ways of paying."),
        ({"pay": "cash"}, "Choose one of the ways of paying."),
        ({"key": "<script>"}, "Enter a valid value."),
        ({"total": "much"}, "Enter a number."),
    ],
)
def test_bad_input_is_answered_at_the_form_and_writes_nothing(client, scene, fields, words):
    answer = send(client, scene, **fields)

    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert (status_of(scene), Invoice.objects.count()) == (AppointmentStatus.HELD, 0)


def test_after_the_hold_expires_the_page_says_so_and_links_to_other_times(client, scene):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answers = [client.get(page(scene)), send(client, scene), send(client, scene, pay="card")]

    for answer in answers:
        assert answer.status_code == 409
        assert "The time is no longer kept for you" in answer.content.decode()
        assert f'href="/doctors/{scene.doctor.reference}/?day=' in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_booked_visit_leads_to_its_confirmation(client, scene):
    paid(scene)

    answers = [client.get(page(scene)), send(client, scene, key="key-00000002")]

    assert {answer.url for answer in answers} == {f"/book/{scene.visit.reference}/done/"}
    assert Payment.objects.count() == 1


def test_a_cancelled_visit_leads_to_its_page(client, scene):
    cancel_appointment(appointment=scene.visit, by=scene.carer)

    assert client.get(page(scene)).url == f"/me/appointments/{scene.visit.reference}/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_visit_is_not_found_and_the_attempt_is_logged(client, scene, method):
    stranger = carer_of(held(at(10)).patient)
    client.force_login(stranger)

    answer = client.get(page(scene)) if method == "get" else send(client, scene)

    assert answer.status_code == 404
    assert status_of(scene) == AppointmentStatus.HELD
    logged = AuditEvent.objects.get(outcome="refused", actor_id=stranger.pk)
    assert (logged.model, logged.patient_id) == ("scheduling.appointment", scene.patient.pk)


def test_a_carer_who_may_see_but_not_book_for_the_patient_is_refused(client, scene):
    client.force_login(carer_of(scene.patient, may_book=False))

    assert client.get(page(scene)).status_code == 404
    assert send(client, scene).status_code == 404
    assert status_of(scene) == AppointmentStatus.HELD


def test_a_carer_who_may_not_pay_for_the_patient_can_only_book_to_pay_at_the_desk(client, scene):
    Guardianship.objects.filter(user=scene.carer).update(may_pay=False)

    form = client.get(page(scene)).context["form"]
    refused = send(client, scene, pay="card")

    assert form.ways == ["desk"]
    assert refused.status_code == 409
    assert send(client, scene).status_code == 302


def test_a_visitor_is_asked_to_log_in(client):
    scene = held()

    for answer in (client.get(page(scene)), send(client, scene)):
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_the_desk_can_finish_a_hold_for_a_patient(client, scene):
    client.force_login(cashier())

    assert send(client, scene).status_code == 302
    assert status_of(scene) == AppointmentStatus.BOOKED


def test_without_an_online_gateway_only_the_desk_is_offered(client, scene, settings):
    settings.ONLINE_GATEWAY = ""

    assert client.get(page(scene)).context["form"].ways == ["desk"]
    assert send(client, scene, pay="card").status_code == 409


def test_a_visit_that_is_free_is_not_paid_online(client, scene):
    BillingProfile.objects.update(service_charge=D("0.00"))
    scene.doctor.fee = D("0.00")
    scene.doctor.save()

    assert client.get(page(scene)).context["form"].ways == ["desk"]
    assert send(client, scene, total="0.00").status_code == 302


def test_an_attempt_that_the_bank_has_not_answered_is_shown(client, scene):
    payment = started(scene)

    assert f'href="/pay/{payment.reference}/"' in client.get(page(scene)).content.decode()


def test_an_unknown_reference_is_not_found(client):
    client.force_login(UserFactory())

    assert client.get("/book/NOSUCHREF1/check/").status_code == 404


@pytest.mark.usefixtures("sunday_noon")
def test_the_page_says_until_when_the_visit_can_be_cancelled(client):
    later, soon = held(at(11)), held(at(9, 30))
    said = []
    for scene, now in ((later, at(8)), (soon, at(8))):
        with time_machine.travel(now, tick=False):
            scene.visit.held_until = timezone.now() + timedelta(minutes=10)
            scene.visit.save()
            client.force_login(scene.carer)
            said.append(client.get(page(scene)).text)

    assert "If you cancel by Monday 23 November, 9:00 AM, we refund the full amount." in said[0]
    assert "It begins so soon that you cannot move or cancel it online." in said[1]
    assert "we refund the full amount" not in said[1]
