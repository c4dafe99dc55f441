"""The price of a visit under each policy that comes with the software."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.exceptions import NoBillingProfile, NoTaxRule
from billing.gstin import check_character, validate_gstin
from billing.models import BillingProfile, TaxClass, TaxPolicy, TaxRule
from billing.services import quote_visit
from billing.statuses import Treatment
from tests.factories import DoctorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B02")]

D = Decimal
DAY = date(2026, 11, 22)


def profile_with(policy: str, **fields) -> BillingProfile:
    """A profile that replaces the shipped one."""
    fields = {"gst_registered": True, "service_charge": D("50.00")} | fields
    return BillingProfile.objects.create(
        valid_from=date(2026, 4, 1),
        legal_name="A hospital",
        policy=TaxPolicy.objects.get(code=policy),
        **fields,
    )


def test_the_shipped_profile_taxes_the_service_charge_only():
    quote = quote_visit(DoctorFactory(fee=D("500.00")), DAY)

    assert [(line.treatment, line.sac, line.tax, line.total) for line in quote.lines] == [
        (Treatment.EXEMPT, "999312", D("0.00"), D("500.00")),
        (Treatment.TAXABLE, "999799", D("9.00"), D("59.00")),
    ]
    assert quote.total == D("559.00")


@pytest.mark.feature("B01")
@pytest.mark.parametrize(
    ("policy", "total"), [("law", "559.00"), ("tax-everything", "649.00"), ("composite", "550.00")]
)
def test_each_policy_gives_its_total(policy, total):
    profile_with(policy)

    assert quote_visit(DoctorFactory(fee=D("500.00")), DAY).total == D(total)


def test_an_unregistered_hospital_charges_no_tax_under_any_policy():
    profile_with("tax-everything", gst_registered=False)

    quote = quote_visit(DoctorFactory(fee=D("500.00")), DAY)

    assert (quote.total, quote.tax) == (D("550.00"), D("0.00"))
    assert {(line.treatment, line.sac) for line in quote.lines} == {(Treatment.OUTSIDE, "")}


def test_without_a_service_charge_there_is_no_line_for_it():
    profile_with("law", service_charge=D("0.00"))

    assert [line.total for line in quote_visit(DoctorFactory(fee=D("300.00")), DAY).lines] == [D("300.00")]


def test_a_profile_applies_from_its_first_day():
    profile_with("tax-everything")
    doctor = DoctorFactory(fee=D("500.00"))

    totals = [quote_visit(doctor, day).total for day in (date(2026, 3, 31), date(2026, 4, 1))]

    assert totals == [D("559.00"), D("649.00")]


def test_a_new_rate_of_a_class_applies_from_its_first_day():
    TaxClass.objects.create(
        code="service-charge", name="Service charge", treatment=Treatment.TAXABLE, rate=D(12),
        sac="999799", valid_from=date(2027, 4, 1),
    )  # fmt: skip
    doctor = DoctorFactory(fee=D("500.00"))

    totals = [quote_visit(doctor, day).total for day in (date(2027, 3, 31), date(2027, 4, 1))]

    assert totals == [D("559.00"), D("556.00")]


def test_an_ended_class_is_refused():
    TaxClass.objects.filter(code="service-charge").update(valid_to=DAY - timedelta(days=1))

    with pytest.raises(NoTaxRule) as refused:
        quote_visit(DoctorFactory(), DAY)

    assert refused.value.messages == [
        "The tax policy “Consultation exempt, service charge taxed” has no rule in force for: Service charge."
    ]


def test_a_policy_without_a_rule_for_a_charge_refuses():
    TaxRule.objects.filter(policy__code="law", kind="consultation").delete()

    with pytest.raises(NoTaxRule):
        quote_visit(DoctorFactory(), DAY)


def test_before_the_first_profile_nothing_is_priced():
    with pytest.raises(NoBillingProfile):
        quote_visit(DoctorFactory(), date(2017, 6, 30))


def test_a_quote_takes_three_queries(django_assert_num_queries):
    doctor = DoctorFactory()

    with django_assert_num_queries(3):
        quote_visit(doctor)


@pytest.mark.parametrize(
    "wrong",
    [
        {"treatment": Treatment.EXEMPT, "rate": D(18)},
        {"treatment": Treatment.TAXABLE, "rate": D(0)},
        {"treatment": "free"},
        {"valid_to": date(2017, 1, 1)},
        {"code": "service-charge", "valid_from": date(2017, 7, 1)},
    ],
)
def test_the_database_refuses_a_tax_class_that_contradicts_itself(wrong):
    fields = {"code": "x", "name": "X", "treatment": "taxable", "rate": D(5), "valid_from": DAY}

    with pytest.raises(IntegrityError), transaction.atomic():
        TaxClass.objects.create(**(fields | wrong))


def test_a_gstin_is_checked_by_its_last_character():
    validate_gstin("27AAPFU0939F1ZV")

    assert check_character("27AAPFU0939F1Z") == "V"


@pytest.mark.parametrize("wrong", ["27AAPFU0939F1ZX", "27aapfu0939f1zv", "27AAPFU0939F1Z", "", "1" * 15])
def test_a_wrong_gstin_is_refused(wrong):
    with pytest.raises(ValidationError):
        validate_gstin(wrong)


@pytest.mark.parametrize(
    ("fields", "at_field"),
    [
        ({"gst_registered": True, "gstin": ""}, "gstin"),
        ({"gst_registered": False, "gstin": "27AAPFU0939F1ZV"}, "gstin"),
        ({"gst_registered": True, "gstin": "27AAPFU0939F1ZV", "state_code": "29"}, "state_code"),
    ],
)
def test_a_profile_and_its_gstin_have_to_agree(fields, at_field):
    profile = BillingProfile(
        valid_from=DAY, legal_name="H", policy=TaxPolicy.objects.get(code="law"), **fields
    )

    with pytest.raises(ValidationError) as refused:
        profile.full_clean()

    assert list(refused.value.message_dict) == [at_field]
