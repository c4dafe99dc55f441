import pytest

from billing.checks import practice_bank_is_for_practice


@pytest.mark.feature("B05")
@pytest.mark.parametrize(("gateway", "warnings"), [("simulated", ["billing.W001"]), ("", [])])
def test_the_practice_bank_is_warned_of_before_it_meets_real_patients(settings, gateway, warnings):
    settings.ONLINE_GATEWAY = gateway

    assert [warning.id for warning in practice_bank_is_for_practice()] == warnings
