"""No change of the tariff leaves a day without prices; what such a day would look like is plain."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from billing.exceptions import LeavesNoPrice
from billing.models import BillingProfile, TaxClass, TaxPolicy, TaxRule
from billing.priced_days import Tariff, first_day_unpriced
from billing.services import quote_visit
from billing.services.tariff import save_billing_profile, save_tax_class, save_tax_rule
from hms.core.rights import SYSTEM
from tests.billing.rows import held
from tests.factories import DoctorFactory

pytestmark = pytest.mark.feature("B02")

FIRST = date(2027, 1, 1)
days = st.integers(0, 20).map(lambda number: FIRST + timedelta(days=number))
codes = st.sampled_from(["exempt", "standard"])
tariffs = st.builds(
    Tariff,
    st.lists(st.tuples(days, st.booleans(), st.booleans(), st.integers(1, 2)), max_size=3).map(
        lambda rows: tuple(sorted(rows))
    ),
    st.dictionaries(st.tuples(st.integers(1, 2), st.sampled_from(["consultation", "service_charge"])), codes),
    st.lists(st.tuples(codes, days, st.none() | days), max_size=4).map(tuple),
)


@given(tariffs, tariffs, days)
def test_the_first_day_without_a_price_is_the_one_that_a_look_at_every_day_finds(before, after, today):
    last = FIRST + timedelta(days=30)
    every_day = [today + timedelta(days=number) for number in range((last - today).days)]

    lost = [day for day in every_day if before.is_priced(day) and not after.is_priced(day)]

    assert first_day_unpriced(before, after, today) == min(lost, default=None)


def _profile_from_tomorrow() -> None:
    profile = BillingProfile.objects.get()
    profile.gstin, profile.state_code = "27AAPFU0939F1ZV", "27"
    profile.valid_from = timezone.localdate() + timedelta(days=1)
    save_billing_profile(profile=profile, by=SYSTEM)


def _class_without_successor() -> None:
    row = TaxClass.objects.get(code="service-charge")
    row.valid_to = timezone.localdate() + timedelta(days=9)
    save_tax_class(tax_class=row, by=SYSTEM)


def _profile_with_an_empty_policy() -> None:
    policy = TaxPolicy.objects.create(code="empty", name="Empty")
    first = timezone.localdate() + timedelta(days=5)
    profile = BillingProfile(
        valid_from=first, legal_name="H", gst_registered=True, policy=policy,
        gstin="27AAPFU0939F1ZV", state_code="27",
    )  # fmt: skip
    save_billing_profile(profile=profile, by=SYSTEM)


def _rule_of_a_class_to_come() -> None:
    coming = TaxClass.objects.create(
        code="coming", name="Coming", treatment="exempt", valid_from=timezone.localdate() + timedelta(days=1)
    )
    rule = TaxRule.objects.get(policy__code="law", kind="consultation")
    rule.tax_class = coming
    save_tax_rule(rule=rule, by=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "days"),
    [
        (_profile_from_tomorrow, 0),
        (_class_without_successor, 10),
        (_profile_with_an_empty_policy, 5),
        (_rule_of_a_class_to_come, 0),
    ],
)
def test_a_change_that_leaves_no_price_is_refused_and_named(change, days):
    doctor = DoctorFactory()
    total = quote_visit(doctor).total

    with pytest.raises(LeavesNoPrice) as refused:
        change()

    day = timezone.localdate() + timedelta(days=days)
    assert refused.value.params["day"] == date_format(day)
    assert quote_visit(doctor, day).total == total


@pytest.mark.django_db
def test_without_a_price_pages_say_to_call_and_book_nothing(client, caplog):
    scene = held()
    client.force_login(scene.carer)
    BillingProfile.objects.all().delete()
    pages = [
        "/",
        "/doctors/",
        scene.doctor.get_absolute_url(),
        "/me/",
        f"/book/{scene.visit.reference}/check/",
    ]

    answers = {page: client.get(page) for page in pages}

    last = answers.pop(pages[-1])
    assert {answer.status_code for answer in answers.values()} == {200}
    assert last.status_code == 409
    assert "no billing profile is in force" in last.text
    assert "+91 80 4000 1200" in last.text
    assert "A page does not show its refusal: no_billing_profile" in caplog.text
