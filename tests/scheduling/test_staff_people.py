"""Contacts of doctors and nurses, who works with whom, and logins by invitation."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from scheduling.exceptions import HasLogin, LoginExists, NoAddressForLogin
from scheduling.services.directory import assign_nurses
from scheduling.services.staff_logins import give_login
from tests.factories import DepartmentFactory, DoctorFactory, NurseFactory, UserFactory, staff
from tests.opened import boxes_of, send
from tests.scheduling.admin_day import change_page, doctor_form, errors, page, said

pytestmark = [pytest.mark.django_db]

REACH = {"phone": "+918040001234", "email": "asha@example.org"}


# --- contacts


@pytest.mark.feature("S02")
@pytest.mark.parametrize(
    ("phone_is_public", "email_is_public"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_the_doctors_page_shows_what_is_public(client, phone_is_public, email_is_public):
    doctor = DoctorFactory(**REACH, phone_is_public=phone_is_public, email_is_public=email_is_public)

    shown = client.get(doctor.get_absolute_url()).text

    assert ("tel:+91-80-4000-1234" in shown) is phone_is_public
    assert ("mailto:asha@example.org" in shown) is email_is_public
    assert ("4000" in shown.partition('class="about-list"')[2].partition("</dl>")[0]) is phone_is_public
    assert ("asha@example.org" in shown) is email_is_public


@pytest.mark.feature("S02")
@pytest.mark.parametrize("address", ["/", "/doctors/", "/doctors/?q=asha"])
def test_no_list_shows_a_doctors_contacts(client, address):
    DoctorFactory(**REACH, full_name="Dr Asha Rao", phone_is_public=True, email_is_public=True)

    shown = client.get(address).text

    assert "Dr Asha Rao" in shown or address == "/"
    assert not re.search(r"4000.?1234|asha@example\.org", shown)


@pytest.mark.feature("S02")
def test_staff_see_internal_contacts_and_not_the_home_address(client):
    doctor = DoctorFactory(**REACH, street="7 Secret Lane")
    client.force_login(staff("receptionist"))

    shown = client.get(change_page(doctor)).text

    assert "asha@example.org" in shown
    assert "7 Secret Lane" not in shown


# --- who works with whom


@pytest.mark.feature("S03")
def test_nurses_are_chosen_in_the_doctors_form_and_seen_in_theirs(client):
    client.force_login(staff("administrator"))
    doctor, nurse, other = DoctorFactory(), NurseFactory(), NurseFactory()
    doctor.nurses.add(other)

    send(client, change_page(doctor), doctor_form(doctor, nurses=[nurse.pk]))

    assert list(doctor.nurses.all()) == [nurse]
    assert boxes_of(client.get(change_page(nurse)))["doctors"] == [str(doctor.pk)]
    assert boxes_of(client.get(change_page(doctor)))["nurses"] == [str(nurse.pk)]


@pytest.mark.feature("S03")
def test_a_nurse_who_was_added_meanwhile_is_not_taken_away(client):
    client.force_login(staff("administrator"))
    doctor, nurse, colleagues = DoctorFactory(), NurseFactory(), NurseFactory()
    form = boxes_of(client.get(change_page(doctor)))
    doctor.nurses.add(colleagues)

    response = client.post(change_page(doctor), form | {"nurses": [nurse.pk]})

    assert response.status_code == 409
    assert list(doctor.nurses.all()) == [colleagues]


@pytest.mark.feature("S03")
def test_reception_sees_the_nurses_of_a_doctor_and_cannot_change_them(client):
    doctor, nurse, desk = DoctorFactory(), NurseFactory(full_name="Meena Iyer"), staff("receptionist")
    doctor.nurses.add(nurse)
    client.force_login(desk)

    shown = client.get(change_page(doctor)).text

    assert "Meena Iyer" in shown
    with pytest.raises(NotAllowed):
        assign_nurses(doctor=doctor, nurses=[], by=desk)
    assert list(doctor.nurses.all()) == [nurse]


# --- logins


@pytest.mark.feature("A06")
@pytest.mark.django_db(transaction=True)
def test_a_doctor_is_invited_and_chooses_the_password(client, administrator, mailoutbox):
    new = DoctorFactory.build(department=DepartmentFactory(), email="asha@example.org")

    response = client.post(
        page("scheduling_doctor_add"), doctor_form(new, invite="on", email=new.email, phone="")
    )

    user = User.objects.get(email="asha@example.org")
    assert (user.doctor.full_name, user.full_name) == (new.full_name, new.full_name)
    assert (user.role_names, user.is_staff, user.has_usable_password()) == ({"doctor"}, True, False)
    assert "An invitation was sent to asha@example.org." in said(response)
    assert [letter.to for letter in mailoutbox] == [["asha@example.org"]]
    letter = mailoutbox[0]
    assert letter.subject == "Your login at Sanjeevani Hospital"
    until = f"{timezone.localtime() + timedelta(days=3):%-d %B %Y}"
    assert "Sanjeevani Hospital has made a login for you: asha@example.org, as Doctor." in letter.body
    assert f"which works once, until {until}, " in letter.body
    link = re.search(r"/accounts/password/reset/key/\S+", letter.body)[0]
    client.logout()
    form = client.get(link, follow=True)
    assert "Choose your password" in form.text
    assert "You will log in with asha@example.org." in form.text
    new = {"password1": "four words are easy", "password2": "four words are easy"}
    assert "Your password is saved" in client.post(form.request["PATH_INFO"], new, follow=True).text
    user.refresh_from_db()
    client.post(reverse("account_reset_password"), {"email": user.email})
    assert mailoutbox[-1].subject == "Choose a new password"


@pytest.mark.feature("A06")
def test_a_nurse_is_invited_once(client, administrator):
    nurse = NurseFactory(email="meena@example.org")

    send(client, change_page(nurse), boxes_of(client.get(change_page(nurse))) | {"invite": "on"})

    user = User.objects.get(email="meena@example.org")
    assert (user.nurse, user.role_names) == (nurse, {"nurse"})
    assert "invite" not in boxes_of(client.get(change_page(nurse)))
    nurse.refresh_from_db()
    with pytest.raises(HasLogin):
        give_login(person=nurse, by=administrator)


@pytest.mark.feature("A06")
def test_an_invitation_without_or_with_a_taken_address_is_refused_at_the_field(client, administrator):
    UserFactory(email="meena@example.org")
    nurse = NurseFactory()
    form = boxes_of(client.get(change_page(nurse))) | {"invite": "on"}

    without = client.post(change_page(nurse), form)
    taken = client.post(change_page(nurse), form | {"email": "Meena@example.org"})

    assert errors(without) == {"email": [NoAddressForLogin.text]}
    assert errors(taken) == {"email": [LoginExists.text]}
    nurse.refresh_from_db()
    assert (nurse.user, nurse.email) == (None, "")


@pytest.mark.feature("A06")
def test_only_who_may_make_logins_invites(client):
    doctor = DoctorFactory(email="asha@example.org")

    with pytest.raises(NotAllowed):
        give_login(person=doctor, by=staff("receptionist"))

    assert not User.objects.filter(email="asha@example.org").exists()
    assert give_login(person=doctor, by=SYSTEM).doctor == doctor
