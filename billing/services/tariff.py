"""Tax classes, policies, rules, billing profiles. A class used on bills is fixed; a new rate is a new row."""

from billing.exceptions import RateInUse
from billing.models import BillingProfile, InvoiceLine, TaxClass, TaxPolicy, TaxRule
from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic

WHAT_WAS_CHARGED = ("code", "treatment", "rate", "sac", "valid_from")


@retried_atomic
def save_tax_class(*, tax_class: TaxClass, by) -> TaxClass:
    """Save a tax class; refuses to change a class that is used on bills."""
    require_to_save(by, tax_class)
    tax_class.full_clean()
    before = TaxClass.objects.select_for_update().filter(pk=tax_class.pk).first()
    if before and _was_changed(before, tax_class) and _was_charged(before):
        raise RateInUse
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
    """Save the tax class of a kind of charge under a policy; existing bills do not change."""
    require_to_save(by, rule)
    rule.full_clean()
    rule.save()
    return rule


@retried_atomic
def save_billing_profile(*, profile: BillingProfile, by) -> BillingProfile:
    """Save a billing profile; refuses a GSTIN that does not match the registration or the state."""
    require_to_save(by, profile)
    profile.full_clean()
    profile.save()
    return profile


def _was_changed(before: TaxClass, after: TaxClass) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in WHAT_WAS_CHARGED)


def _was_charged(tax_class: TaxClass) -> bool:
    return InvoiceLine.objects.filter(tax_class=tax_class).exists()
