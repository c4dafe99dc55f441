"""Tax classes, policies and billing profiles in the staff site."""

from datetime import date
from decimal import Decimal

import pytest

from audit.models import AuditEvent
from billing.models import BillingProfile, TaxClass, TaxPolicy
from tests.billing.rows import booked, list_of
from tests.factories import staff
from tests.opened import send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B02")]

D = Decimal


def test_a_change_of_the_tariff_is_logged_with_before_and_after(client):
    administrator = staff("administrator")
    client.force_login(administrator)
    profile = BillingProfile.objects.get()
    fields = {
        "valid_from": "2017-07-01", "legal_name": "H", "gst_registered": "on",
        "gstin": "27AAPFU0939F1ZV", "state_code": "27",
        "policy": TaxPolicy.objects.get(code="tax-everything").pk, "service_charge": "75.00",
    }  # fmt: skip

    send(client, f"{list_of('billingprofile')}{profile.pk}/change/", fields)

    logged = AuditEvent.objects.get(model="billing.billingprofile", action="update")
    assert logged.actor_id == administrator.pk
    assert logged.changes["service_charge"] == ["50.00", "75.00"]


def test_a_tax_class_that_is_used_on_bills_cannot_be_changed(client):
    client.force_login(staff("administrator"))
    booked()
    row = TaxClass.objects.get(code="service-charge")
    fields = {
        "code": row.code, "name": row.name, "treatment": row.treatment, "rate": "12",
        "sac": row.sac, "valid_from": "2017-07-01", "legal_ref": "",
    }  # fmt: skip

    refused = send(client, f"{list_of('taxclass')}{row.pk}/change/", fields)
    ending = fields | {"rate": "18.00", "valid_to": "2097-03-31"}
    too_early = send(client, f"{list_of('taxclass')}{row.pk}/change/", ending)
    send(client, f"{list_of('taxclass')}add/", fields | {"valid_from": "2097-04-01"})
    ended = send(client, f"{list_of('taxclass')}{row.pk}/change/", ending)

    row.refresh_from_db()
    assert "Bills already use this tax class." in refused.content.decode()
    assert "From 1 Apr 2097 visits would have no price." in too_early.content.decode()
    assert (ended.status_code, row.rate, row.valid_to) == (302, D("18.00"), date(2097, 3, 31))


def test_a_policys_rule_is_saved_with_it(client):
    client.force_login(staff("administrator"))
    policy = TaxPolicy.objects.get(code="law")
    page = f"{list_of('taxpolicy')}{policy.pk}/change/"
    other = TaxClass.objects.get(code="ancillary-exempt")
    rules = list(policy.rules.order_by("kind"))
    fields = {
        "code": policy.code, "name": policy.name, "description": "",
        "rules-TOTAL_FORMS": 2, "rules-INITIAL_FORMS": 2,
    }  # fmt: skip
    for number, rule in enumerate(rules):
        fields |= {
            f"rules-{number}-id": rule.pk, f"rules-{number}-policy": policy.pk,
            f"rules-{number}-kind": rule.kind, f"rules-{number}-tax_class": other.pk,
        }  # fmt: skip

    answer = send(client, page, fields)

    assert answer.status_code == 302
    assert set(policy.rules.values_list("tax_class", flat=True)) == {other.pk}


def test_tax_without_a_gstin_is_pointed_out(client):
    client.force_login(staff("administrator"))

    assert "no GSTIN is entered" in client.get(list_of("billingprofile")).content.decode()
