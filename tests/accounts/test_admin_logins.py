import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from tests.costs import READ_OF_LOGINS
from tests.factories import UserFactory, staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]

LIST = "/admin/accounts/user/"
ADD = f"{LIST}add/"
NURSE = {"full_name": "Meena Iyer", "email": "Meena@Example.org", "phone": "", "roles": ["nurse"]}


def change_page(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def answers_of(user: User, **changes) -> dict:
    kept = {"full_name": user.full_name, "email": user.email, "phone": "", "is_active": "on"}
    return kept | {"roles": sorted(user.role_names)} | changes


@pytest.mark.django_db(transaction=True)
def test_an_administrator_creates_a_login_and_the_user_chooses_the_password(
    client, administrator, mailoutbox
):
    client.post(ADD, NURSE | {"send_link": "on"})

    nurse = User.objects.get(email="meena@example.org")
    assert (nurse.role_names, nurse.is_staff, nurse.has_usable_password()) == ({"nurse"}, True, False)
    assert EmailAddress.objects.get(user=nurse).verified
    assert [letter.to for letter in mailoutbox] == [["meena@example.org"]]
    link = re.search(r"/accounts/password/reset/key/\S+", mailoutbox[0].body)[0]
    client.logout()
    chosen = client.get(link, follow=True)
    assert "Choose a new password" in chosen.text or 'name="password1"' in chosen.text


def test_a_second_login_with_one_address_is_refused_at_the_field(client, administrator):
    UserFactory(email="meena@example.org")

    page = client.post(ADD, NURSE)

    message = "There is already an account with this e-mail address."
    assert page.context["adminform"].form.errors == {"email": [message]}


def test_an_administrator_gives_and_takes_roles(client, administrator):
    nurse = staff("nurse")

    send(client, change_page(nurse), answers_of(nurse, roles=["doctor", "lab_technician"]))

    assert User.objects.get(pk=nurse.pk).role_names == {"doctor", "lab_technician"}


def test_a_refusal_is_shown_and_nothing_is_saved(client, administrator):
    page = send(
        client, change_page(administrator), answers_of(administrator, full_name="Changed", roles=["nurse"])
    )

    assert page.context["adminform"].form.non_field_errors() == [
        "You cannot remove the administrator role from yourself. Ask another administrator."
    ]
    kept = User.objects.get(pk=administrator.pk)
    assert (kept.full_name, kept.role_names) == (administrator.full_name, {"administrator"})


def test_an_administrator_can_only_view_a_superuser(client, administrator):
    root = UserFactory(is_superuser=True, is_staff=True)

    assert client.get(change_page(root)).status_code == 200
    refused = send(client, change_page(root), answers_of(root, email="mine@example.org"))

    assert refused.status_code == 403
    assert User.objects.get(pk=root.pk).email == root.email


def test_nobody_can_become_a_superuser_through_the_form(client, administrator):
    send(client, change_page(administrator), answers_of(administrator, is_superuser="on", is_staff=""))

    kept = User.objects.get(pk=administrator.pk)
    assert (kept.is_superuser, kept.is_staff) == (False, True)


def test_a_receptionist_views_patients_logins_and_cannot_assign_roles(client):
    desk, patient = staff("receptionist"), UserFactory(full_name="Asha Rao")
    doctor = staff("doctor")
    client.force_login(desk)

    assert set(client.get(LIST).context["cl"].result_list) == {desk, patient}
    assert client.get(change_page(doctor)).status_code == 302
    for person in (desk, patient):
        assert client.get(change_page(person)).status_code == 200
        answers = answers_of(person, roles=["administrator"])
        assert send(client, change_page(person), answers).status_code == 403
        assert "administrator" not in User.objects.get(pk=person.pk).role_names


@pytest.mark.parametrize("role", ["doctor", "nurse", "lab_technician", "billing_clerk", "auditor"])
def test_other_roles_do_not_see_logins(client, role):
    client.force_login(staff(role))
    other = UserFactory()

    answer = client.get(LIST)

    assert (answer.status_code, other.email in answer.text) == (403, False)


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client, administrator, people, django_assert_num_queries
):
    for _person in range(people):
        staff("nurse", "doctor")

    with django_assert_num_queries(7 + READ_OF_LOGINS):
        page = client.get(LIST)

    assert page.context["cl"].result_count == people + 1


def test_the_list_is_filtered_by_role_and_searched_by_name_and_address(client, administrator):
    meena = staff("nurse", full_name="Meena Iyer", email="meena@example.org")
    staff("doctor", full_name="Arjun Iyer")

    for asked in ({"role": "nurse"}, {"q": "meena"}, {"q": "MEENA@"}, {"role": "nurse", "q": "iyer"}):
        assert list(client.get(LIST, asked).context["cl"].result_list) == [meena]


def test_a_link_to_choose_a_password_is_sent_from_the_list(client, administrator, mailoutbox):
    meena, gone = UserFactory(email="meena@example.org"), UserFactory(is_active=False)

    client.post(LIST, {"action": "send_password_link", "_selected_action": [meena.pk, gone.pk]}, follow=True)

    assert [letter.to for letter in mailoutbox] == [["meena@example.org"]]


@pytest.mark.feature("A05")
def test_second_factors_are_removed_from_the_list(client, administrator):
    nurse, root = staff("nurse"), UserFactory(is_superuser=True, is_staff=True)
    for person in (nurse, root):
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    client.post(
        LIST, {"action": "remove_second_factors", "_selected_action": [nurse.pk, root.pk]}, follow=True
    )

    assert (nurse.authenticator_set.count(), root.authenticator_set.count()) == (0, 1)


@pytest.mark.parametrize("many", [1, 3])
def test_login_methods_are_shown_with_one_query_each(client, administrator, many, django_assert_num_queries):
    nurse = staff("nurse")
    for number in range(many):
        EmailAddress.objects.create(user=nurse, email=f"n{number}@example.org", verified=number == 0)
        UserSession.objects.create(
            user=nurse, ip="203.0.113.7", user_agent=f"Browser {number}", session_key=str(number)
        )
    ContentType.objects.get_for_model(nurse)  # cached once per process

    with django_assert_num_queries(10 + READ_OF_LOGINS):
        html = client.get(change_page(nurse)).content.decode()

    assert "n0@example.org (confirmed)" in html
    assert html.count("203.0.113.7, Browser") == many


def test_secrets_of_logins_have_no_page(client, administrator):
    TOTP.activate(administrator, "JBSWY3DPEHPK3PXP")

    names = {model._meta.label for model in admin.site._registry}
    html = client.get(change_page(administrator)).content.decode()

    assert names & {"mfa.Authenticator", "usersessions.UserSession", "account.EmailAddress"} == set()
    assert ("JBSWY3DPEHPK3PXP" in html, client.session.session_key in html) == (False, False)


@pytest.mark.feature("A04")
def test_roles_can_be_viewed_but_only_a_superuser_changes_them(client, administrator):
    group = Group.objects.get(name="nurse")
    page = f"/admin/auth/group/{group.pk}/change/"
    permissions = group.permissions.count()

    assert client.get(page).status_code == 200
    assert client.post(page, {"permissions": []}).status_code == 403
    assert client.get("/admin/auth/group/add/").status_code == 403
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert client.get("/admin/auth/group/add/").status_code == 403
    assert client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    assert group.permissions.count() == permissions > 0


@pytest.mark.feature("A04")
def test_the_list_of_roles_counts_people_with_one_query(client, administrator, django_assert_num_queries):
    for _person in range(3):
        staff("nurse")

    with django_assert_num_queries(7):
        page = client.get("/admin/auth/group/")

    counted = {group.name: group.members for group in page.context["cl"].result_list}
    assert (counted["nurse"], counted["administrator"], counted["doctor"]) == (3, 1, 0)
