"""Messages about refunds: one for each refund, to the payer."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from accounts.models import Guardianship, Language, Patient
from billing.models import Payment, Refund
from billing.services import take_desk_payment
from hms.notifications.models import Notification
from hms.notifications.receivers import address_of_payer, person_of
from hms.notifications.services import language_of
from hms.notifications.statuses import Kind, NotificationStatus
from scheduling.statuses import AppointmentStatus
from tests.billing.rows import booked, cashier, held, paid
from tests.factories import GuardianshipFactory, PatientFactory
from tests.notifications.rows import no_mail_server, refunded
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]


def test_a_refund_queues_a_message_to_the_payer():
    refund = refunded()

    row = Notification.objects.get(kind=Kind.REFUND)
    assert (row.recipient, row.patient, row.status) == (
        refund.payment.by.email, refund.payment.invoice.patient, NotificationStatus.WAITING,
    )  # fmt: skip
    assert (row.subject, row.idempotency_key) == (
        "Your refund is on its way", f"refund/{refund.reference}",
    )  # fmt: skip
    assert row.body.splitlines()[:3] == [
        f"We are refunding ₹100.00 of payment {refund.payment.reference}.", "", "Reason: Kindness",
    ]  # fmt: skip


def test_a_rolled_back_refund_queues_no_message():
    with transaction.atomic():
        refunded()
        transaction.set_rollback(True)

    assert (Refund.objects.count(), Notification.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_only_delays_the_message(client, settings):
    scene = held()
    payment = paid(scene)
    client.force_login(scene.carer)
    backend, port = settings.EMAIL_BACKEND, settings.EMAIL_PORT
    no_mail_server(settings)

    answer = send(client, reverse("scheduling:cancel", args=[scene.visit.reference]), {})
    with pytest.raises(CommandError, match="takes no messages"):
        call_command("send_notifications")
    scene.visit.refresh_from_db()
    payment.refresh_from_db()
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = backend, port
    for _twice in range(2):
        call_command("send_notifications")

    assert answer.status_code == 302
    assert (scene.visit.status, payment.is_refunded_in_full) == (AppointmentStatus.CANCELLED, True)
    refund = Notification.objects.get(kind=Kind.REFUND)
    told = [letter.to for letter in mail.outbox if letter.subject == refund.subject]
    assert (told, refund.status) == ([[scene.carer.email]], NotificationStatus.SENT)


@pytest.mark.parametrize(
    ("offered", "prefers", "written"),
    [
        ("en-gb hi", "hi", "hi"),
        ("en-gb", "hi", "en-gb"),
        ("en-gb hi", None, "en-gb"),
        ("en-gb hi", "xx", "en-gb"),
    ],
)
def test_a_message_is_in_the_readers_language_if_the_hospital_supports_it(
    settings, offered, prefers, written
):
    settings.LANGUAGES = [(code, code) for code in offered.split()]
    language = Language.objects.create(code=prefers, name=prefers) if prefers else None

    assert language_of(PatientFactory(preferred_language=language)) == written


def test_the_language_is_that_of_the_payer_not_of_the_child():
    scene = held()
    payment, parent = paid(scene), PatientFactory()
    Guardianship.objects.filter(user=scene.carer).update(relation="parent")
    GuardianshipFactory(user=scene.carer, patient=parent, relation="self")

    assert person_of(payment) == parent


def test_for_a_desk_payment_the_patient_is_notified_if_they_want_mail():
    scene, clerk = booked(), cashier()
    payment = take_desk_payment(
        appointment=scene.visit, method="cash", by=clerk, idempotency_key="key-00000001"
    )

    addresses = {}
    for wants in (True, False):
        Patient.objects.filter(pk=scene.patient.pk).update(email="p@example.org", wants_email=wants)
        addresses[wants] = address_of_payer(Payment.objects.get(pk=payment.pk))

    assert addresses == {True: "p@example.org", False: ""}
