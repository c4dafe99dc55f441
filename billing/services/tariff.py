"""Tax classes, policies, rules, billing profiles. A class used on bills is fixed; a new rate is a new row."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.formats import date_format

from billing.exceptions import LeavesNoPrice, RateInUse
from billing.models import BillingProfile, InvoiceLine, TaxClass, TaxPolicy, TaxRule
from billing.priced_days import Tariff, first_day_unpriced
from hms.core.locks import lock_first
from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic

WHAT_WAS_CHARGED = ("code", "treatment", "rate", "sac", "valid_from")


@retried_atomic
def save_tax_class(*, tax_class: TaxClass, by) -> TaxClass:
    """Save a tax class.

    Refuses to change a class that is used on bills, and what leaves a day without prices.
    """
    require_to_save(by, tax_class)
    tax_class.full_clean()
    before = lock_first(TaxClass.objects.filter(pk=tax_class.pk))
    if before and _was_changed(before, tax_class) and _was_charged(before):
        raise RateInUse
    with _prices_kept():
        tax_class.save()
    return tax_class


@retried_atomic
def save_tax_policy(*, policy: TaxPolicy, by) -> TaxPolicy:
    require_to_save(by, policy)
    policy.full_clean()
    policy.save()
    return policy


@retried_atomic
def save_tax_rule(*, rule: TaxRule, by) -> TaxRule:
    """Save the tax class of a kind of charge under a policy; existing bills do not change.

    Refuses what leaves a day without prices.
    """
    require_to_save(by, rule)
    rule.full_clean()
    with _prices_kept():
        rule.save()
    return rule


@retried_atomic
def save_billing_profile(*, profile: BillingProfile, by) -> BillingProfile:
    """Save a billing profile.

    Refuses a GSTIN that does not match the registration or the state, and what leaves a day without prices.
    """
    require_to_save(by, profile)
    profile.full_clean()
    with _prices_kept():
        profile.save()
    return profile


@contextmanager
def _prices_kept() -> Iterator[None]:
    """Refuse a change after which visits on some day from today have no price, where they had one before."""
    before = Tariff.now()
    yield
    day = first_day_unpriced(before, Tariff.now(), timezone.localdate())
    if day is not None:
        raise LeavesNoPrice(day=date_format(day))


def _was_changed(before: TaxClass, after: TaxClass) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in WHAT_WAS_CHARGED)


def _was_charged(tax_class: TaxClass) -> bool:
    return InvoiceLine.objects.filter(tax_class=tax_class).exists()
