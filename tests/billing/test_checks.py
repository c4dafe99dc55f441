import pytest

from billing.checks import practice_bank_is_for_practice, tax_is_charged_under_a_number
from billing.models import BillingProfile


@pytest.mark.feature("B05")
@pytest.mark.parametrize(("gateway", "warnings"), [("simulated", ["billing.W001"]), ("", [])])
def test_a_deployment_with_the_practice_bank_is_warned_about(settings, gateway, warnings):
    settings.ONLINE_GATEWAY = gateway

    assert [warning.id for warning in practice_bank_is_for_practice()] == warnings


@pytest.mark.django_db
@pytest.mark.feature("B02")
@pytest.mark.parametrize(
    ("registered", "gstin", "warnings"),
    [(True, "", ["billing.W002"]), (True, "27AAPFU0939F1ZV", []), (False, "", [])],
)
def test_tax_without_a_gstin_causes_a_warning(registered, gstin, warnings):
    BillingProfile.objects.update(gst_registered=registered, gstin=gstin)

    found = tax_is_charged_under_a_number(databases=["default"])

    assert [warning.id for warning in found] == warnings


@pytest.mark.django_db
def test_the_first_profile_causes_a_warning_when_a_database_is_checked():
    checked = [[], ["default"]]

    found = [[warning.id for warning in tax_is_charged_under_a_number(databases=each)] for each in checked]

    assert found == [[], ["billing.W002"]]
