"""Accessibility of the forms in the staff site."""

import pytest
from django.urls import reverse

from billing.models import TaxPolicy
from tests.billing.rows import booked, paid
from tests.browser.rows import given_a_doctor
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


def test_axe_finds_nothing_on_the_forms_of_the_staff_site(visitor):
    scene = booked(doctor=given_a_doctor())
    rows = [scene.doctor, scene.patient, scene.visit, scene.invoice, paid(scene), TaxPolicy.objects.first()]
    ada = visitor()
    ada.logs_in_as(UserFactory(is_staff=True, is_superuser=True))

    for row in rows:
        ada.opens(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]))
        ada.opens(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk]))


def test_axe_finds_nothing_on_the_pages_of_refusals(visitor):
    ada, stranger = visitor(), visitor(width=320)
    ada.logs_in_as(UserFactory(is_staff=True, is_superuser=True))

    ada.is_refused("/admin/accounts/user/?password__startswith=a", 400)
    stranger.opens(reverse("account_login"))
    stranger.context.clear_cookies()
    stranger.fills(login="asha@example.org", password="not this one")
    stranger.presses_in_vain("Log in")

    assert (ada.heading, stranger.heading) == ("We cannot read this address", "This form is no longer valid")


def test_a_table_of_rows_has_no_nameless_head_before_scripts_run(client):
    doctor = given_a_doctor()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    page = client.get(reverse("admin:scheduling_doctor_change", args=[doctor.pk])).content.decode()

    assert '<th class="original"><span class="visually-hidden">Row</span></th>' in page
    assert "<th></th>" not in page
