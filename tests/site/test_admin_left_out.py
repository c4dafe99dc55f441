"""Pages of Django's staff site that the hospital's does not have."""

import pytest
from django.contrib.contenttypes.models import ContentType

from accounts.models import Patient
from tests.factories import PatientFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A03")]


def test_a_password_is_changed_on_the_sites_one_page(client):
    client.force_login(staff("administrator"))

    answer = client.get("/admin/password_change/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/change/")
    assert client.get("/admin/password_change/done/").status_code == 404


def test_nobody_learns_by_counting_which_references_exist(client):
    patient = PatientFactory()
    kind = ContentType.objects.get_for_model(Patient)
    client.force_login(staff("doctor"))

    answers = [client.get(f"/admin/r/{kind.pk}/{key}/").status_code for key in (patient.pk, patient.pk + 1)]

    assert answers == [404, 404]
