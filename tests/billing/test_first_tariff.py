"""A new hospital starts with tax policies and a billing profile, both logged."""

import pytest

from audit.models import AuditEvent
from billing.models import BillingProfile, TaxClass, TaxPolicy, TaxRule
from billing.services.first_tariff import make_first_tariff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B02")]


def test_a_new_database_has_three_policies_and_uses_the_one_named_law():
    assert set(TaxPolicy.objects.values_list("code", flat=True)) == {"law", "tax-everything", "composite"}
    assert (TaxClass.objects.count(), TaxRule.objects.count()) == (4, 6)
    assert BillingProfile.objects.get().policy.code == "law"


def test_they_are_logged():
    entries = AuditEvent.objects.filter(model="billing.taxpolicy", action="create")

    assert list(entries.values_list("reason", flat=True)) == ["Came with the software"] * 3


def test_a_hospital_that_has_policies_is_left_as_it_is():
    BillingProfile.objects.all()._raw_delete("default")

    assert make_first_tariff() == []
    assert not BillingProfile.objects.exists()
