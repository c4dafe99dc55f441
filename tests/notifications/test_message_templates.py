"""The hospital's own texts: checked when they are saved, shown on an example, used for the next message."""

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.notifications.models import MessageTemplate, Notification
from hms.notifications.services import queue_notification, save_message_template, write_messages
from tests.factories import PatientFactory, staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("N03")]

ADD = "/admin/notifications/messagetemplate/add/"
PREVIEW = "/admin/notifications/messagetemplate/preview/"
TYPED = {"kind": "booked", "language": "en-gb", "subject": "", "body": "", "sms": "", "dlt_template_id": ""}


def test_an_administrator_writes_a_text_and_the_next_message_has_it(client_of, booked):
    administrator = staff("administrator")
    typed = TYPED | {"subject": "See you {day}", "sms": "Come {day} {time}", "dlt_template_id": "1207"}
    answer = client_of(administrator).post(ADD, typed)
    write_messages()

    email, sms = Notification.objects.order_by("channel")
    assert answer.status_code == 302
    assert email.subject.startswith("See you ")
    assert email.body.startswith("Your appointment is booked.")
    assert (sms.body.startswith("Come "), sms.dlt_template_id) == (True, "1207")
    assert AuditEvent.objects.filter(
        model="notifications.messagetemplate", actor_id=administrator.pk
    ).exists()


def test_unknown_names_are_refused_with_the_list_of_known_ones(client, administrator):
    answer = client.post(ADD, TYPED | {"body": "Dear {patient.email}, {amount}"})

    page = answer.content.decode()
    assert (answer.status_code, MessageTemplate.objects.count()) == (200, 0)
    assert "These mean nothing here: amount, patient.email." in page
    assert "{when}" in page


@pytest.mark.parametrize(
    "text", ["{% load x %}", "{{ settings.SECRET_KEY }}", "{when.__class__}", "{0}", "{"]
)
def test_no_text_runs_anything(text):
    with pytest.raises(ValidationError, match="mean nothing"):
        save_message_template(template=MessageTemplate(kind="booked", body=text), by=SYSTEM)


def test_the_preview_shows_the_example_and_saves_nothing(client, administrator):
    page = client.post(
        PREVIEW, TYPED | {"subject": "<b>{doctor}</b>", "sms": "{when} {nonsense}"}
    ).content.decode()

    assert "&lt;b&gt;Dr Vikram Shetty&lt;/b&gt;" in page
    assert "Monday 23 November 2026, 9:30 AM {nonsense}" in page
    assert "These mean nothing here: nonsense." in page
    assert MessageTemplate.objects.count() == 0


@pytest.mark.parametrize("is_named", [False, True])
def test_the_preview_names_the_speciality_only_where_messages_do(client, administrator, settings, is_named):
    settings.NOTIFICATIONS = settings.NOTIFICATIONS | {"names_speciality": is_named}

    page = client.post(PREVIEW, TYPED).text

    assert ("Cardiology" in page) == is_named


@pytest.mark.parametrize("role", ["receptionist", "doctor", "auditor"])
def test_others_neither_see_nor_preview_nor_save_texts(client, role):
    login = staff(role)
    client.force_login(login)

    answers = [client.get(ADD), client.post(ADD, TYPED), client.post(PREVIEW, TYPED)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    with pytest.raises(NotAllowed):
        save_message_template(template=MessageTemplate(kind="booked"), by=login)


def test_without_its_own_text_the_hospital_has_the_shipped_one_again(client, administrator):
    row = save_message_template(template=MessageTemplate(kind="new_record", subject="News"), by=SYSTEM)
    patient = PatientFactory()
    what = {
        "kind": "new_record",
        "to": "a@example.org",
        "patient": patient,
        "reader": patient,
        "context": {"page": ""},
    }
    own = queue_notification(**what, key="1").subject
    send(client, f"/admin/notifications/messagetemplate/{row.pk}/delete/", {"post": "yes"})

    assert (own, queue_notification(**what, key="2").subject) == (
        "News", "There is something new for you to read",
    )  # fmt: skip


def test_one_text_for_each_kind_and_language():
    save_message_template(template=MessageTemplate(kind="booked"), by=SYSTEM)

    with pytest.raises(ValidationError):
        save_message_template(template=MessageTemplate(kind="booked"), by=SYSTEM)


def test_an_sms_whose_link_would_be_cut_is_refused(client, administrator):
    reminder = TYPED | {"kind": "reminder"}
    fits = client.post(ADD, reminder | {"sms": "{hospital}: {doctor}, {day} {time}. " + "x" * 65 + " {link}"})
    MessageTemplate.objects.all().delete()
    answer = client.post(ADD, reminder | {"sms": "Dear patient of ours, " * 6 + "{day} {time} {link}"})

    assert (fits.status_code, MessageTemplate.objects.count()) == (302, 0)
    assert "Longer than one SMS by 44 characters, even with short names" in answer.content.decode()
