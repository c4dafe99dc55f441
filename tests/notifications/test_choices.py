"""Which messages are wanted: by the page of a login, and by the link in an e-mail."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Guardianship
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.notifications.exceptions import MessageNecessary
from hms.notifications.links import unsubscribe_token
from hms.notifications.models import DeclinedMessage, Notification, VisitEvent
from hms.notifications.sending import send_due
from hms.notifications.services import decline_message, queue_notification, write_messages
from hms.notifications.statuses import OPTIONAL, Kind
from hms.notifications.views import SHOWN_AS_NECESSARY
from tests.factories import PatientFactory, carer_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]

PAGE = "/me/messages/"
ALL = [f"{kind}/{channel}" for kind in OPTIONAL for channel in ("email", "sms")]


def declined(patient) -> list[tuple[str, str]]:
    return list(DeclinedMessage.objects.filter(patient=patient).values_list("kind", "channel"))


def test_the_page_declines_what_is_not_ticked_and_takes_it_back(client, patient, carer):
    kept = [choice for choice in ALL if choice != "reminder/sms"]
    client.post(PAGE, {patient.reference: kept})
    first = declined(patient)
    shown = client.get(PAGE).content.decode()
    client.post(PAGE, {patient.reference: ALL})

    assert (first, declined(patient)) == ([("reminder", "sms")], [])
    assert shown.count("form-check-input") == len(ALL)
    assert shown.count(" checked") == len(ALL) - 1


def test_nobody_chooses_for_patients_of_others_or_without_the_right_to_book(client, patient, carer):
    stranger = PatientFactory(full_name="Somebody Else")
    Guardianship.objects.create(
        user=carer, patient=stranger, relation="spouse", may_book=False, consented_by=carer
    )
    client.post(PAGE, {stranger.reference: [], patient.reference: ALL})

    assert declined(stranger) == []
    assert "Somebody Else" not in client.get(PAGE).content.decode()
    with pytest.raises(NotAllowed):
        decline_message(patient=stranger, kind="reminder", channel="sms", by=carer)


def test_three_people_take_as_many_queries_to_show_as_one(
    client, django_assert_max_num_queries, patient, carer
):
    counts = []
    for more in (0, 2):
        for _n in range(more):
            Guardianship.objects.create(
                user=carer, patient=PatientFactory(), relation="spouse", consented_by=carer
            )
        client.get(PAGE)
        with django_assert_max_num_queries(40) as queries:
            client.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_necessary_messages_cannot_be_declined(patient):
    with pytest.raises(MessageNecessary):
        decline_message(patient=patient, kind="cancelled", channel="email", by=SYSTEM)


def test_what_is_declined_is_not_written(booked, patient, carer):
    VisitEvent.objects.update(kind="reminder")
    decline_message(patient=patient, kind="reminder", channel="email", by=carer)
    decline_message(patient=patient, kind="new_record", channel="email", by=carer)
    write_messages()
    record = queue_notification(
        kind="new_record", to="a@example.org", patient=patient, reader=patient, context={"page": ""}, key="k"
    )

    assert record is None
    assert list(Notification.objects.values_list("kind", "channel")) == [("reminder", "sms")]


@pytest.fixture
def token(patient) -> str:
    return unsubscribe_token(patient, "reminder", "email")


def test_one_click_needs_no_login_no_cookie_and_no_page(patient, token):
    """RFC 8058: the mail program posts; opening the address alone changes nothing."""
    program = Client(enforce_csrf_checks=True)
    opened = program.get(f"/unsubscribe/{token}/")
    after_opening = declined(patient)

    posted = [
        program.post(f"/unsubscribe/{token}/", {"List-Unsubscribe": "One-Click"}) for _twice in range(2)
    ]

    assert (opened.status_code, after_opening) == (200, [])
    assert [answer.status_code for answer in posted] == [200, 200]
    assert declined(patient) == [("reminder", "email")]
    assert patient.full_name not in opened.content.decode() + posted[0].content.decode()


@pytest.mark.parametrize("change", ["x{}", "{}x", "{:.20}"])
def test_a_token_that_was_changed_does_nothing(client, patient, token, change):
    answer = client.post(f"/unsubscribe/{change.format(token)}/")

    assert (answer.status_code, declined(patient)) == (404, [])


def test_a_token_for_a_necessary_message_does_nothing(client, patient):
    answer = client.post(f"/unsubscribe/{unsubscribe_token(patient, 'cancelled', 'email')}/")

    assert (answer.status_code, declined(patient)) == (404, [])


def test_only_unnecessary_messages_carry_the_headers(settings, booked, patient):
    settings.SITE_ADDRESS = "https://hospital.example"
    VisitEvent.objects.create(appointment=booked, kind="reminder", starts_at=booked.starts_at)
    write_messages()
    send_due()

    necessary, reminder = (letter.extra_headers for letter in mail.outbox)
    address = reminder["List-Unsubscribe"].strip("<>")
    assert "List-Unsubscribe" not in necessary
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.startswith("https://hospital.example/unsubscribe/")
    Client(enforce_csrf_checks=True).post(address.removeprefix("https://hospital.example"))
    assert declined(patient) == [("reminder", "email")]


def test_a_carer_of_two_sees_both(client, patient):
    child = PatientFactory(full_name="A Child")
    client.force_login(carer_of(patient, child))

    page = client.get(PAGE).content.decode()

    assert [name in page for name in ("A Child", patient.full_name)] == [True, True]


def test_every_kind_about_a_patient_can_be_declined_or_is_shown_as_necessary():
    of_staff = {Kind.WEBHOOK_DISABLED, Kind.REPORT}
    follows = {Kind.VISIT_STAYS}  # on a message that is shown

    assert {*OPTIONAL, *SHOWN_AS_NECESSARY} == set(Kind) - of_staff - follows
