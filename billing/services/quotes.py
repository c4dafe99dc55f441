"""The price of a visit on a day: the doctor's fee and the service charge under the policy in force."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from django.db.models import CharField, DateField, IntegerField
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.exceptions import NoBillingProfile, NoTaxRule, PriceChanged
from billing.models import BillingProfile, TaxClass, TaxRule
from billing.pricing import NO_TAX, Charge, Quote, Tax, price
from billing.statuses import ChargeKind
from hms.core.prepared import PreparedQuery
from scheduling.availability import DoctorTerms
from scheduling.models import Doctor

# Cached because every price shown needs it.
PROFILES = PreparedQuery(lambda parameter: BillingProfile.objects.begun(parameter("on", DateField()))[:1])
RULES = PreparedQuery(
    lambda parameter: TaxRule.objects.filter(policy__id=parameter("policy", IntegerField())).values_list(
        "kind", "tax_class__code"
    )
)
TAX_CLASSES = PreparedQuery(
    lambda parameter: (
        TaxClass.objects.in_force(parameter("on", DateField()))
        .filter(code__in=parameter("codes", CharField(), many=True))
        .order_by("valid_from")
        .values_list("code", "treatment", "rate", "sac", "pk")
    )
)


def quote_visit(doctor: Doctor | DoctorTerms, on: date | None = None) -> Quote:
    """Price a visit to the doctor; refuses when no profile or no tax rule is in force."""
    on = on or timezone.localdate()
    return quote_under(PROFILES.first(on=on), doctor, on)


def quote_visits(doctors: Iterable[Doctor]) -> dict[int, Quote]:
    """Price a visit to each doctor, by key, in as many queries as one; nobody if it cannot be priced."""
    on = timezone.localdate()
    taxes = cache(taxes_for)
    profile = PROFILES.first(on=on)
    try:
        return {doctor.pk: quote_under(profile, doctor, on, taxes=taxes) for doctor in doctors}
    except (NoBillingProfile, NoTaxRule):
        return {}


def require_price_shown(shown: Decimal | None, total: Decimal) -> None:
    """Refuse if the price differs from the one on the page; the amount sent by the page is never charged."""
    if shown is not None and shown != total:
        raise PriceChanged


def quote_under(
    profile: BillingProfile | None, doctor: Doctor | DoctorTerms, on: date, *, taxes=None
) -> Quote:
    """Price a visit under a billing profile that the caller has loaded; `taxes` replaces `taxes_for`."""
    if profile is None:
        raise NoBillingProfile
    charges = charges_under(profile, doctor)
    return tax_all(charges, (taxes or taxes_for)(profile, frozenset(charge.kind for charge in charges), on))


def charges_under(profile: BillingProfile, doctor: Doctor | DoctorTerms) -> list[Charge]:
    charges = [Charge(ChargeKind.CONSULTATION, _("Consultation, %s") % doctor.full_name, doctor.fee)]
    if profile.service_charge:
        charges.append(Charge(ChargeKind.SERVICE_CHARGE, _("Service charge"), profile.service_charge))
    return charges


def tax_all(charges: Iterable[Charge], taxes: dict[str, Tax]) -> Quote:
    return price(replace(charge, tax=taxes[charge.kind]) for charge in charges)


def taxes_for(profile: BillingProfile, kinds: Iterable[str], on: date) -> dict[str, Tax]:
    """The tax of each kind of charge on a day; none if the hospital is not registered for GST."""
    if not profile.gst_registered:
        return dict.fromkeys(kinds, NO_TAX)
    # A rule refers to one row of a class; the row with the same code that is in force applies.
    codes = dict(RULES.rows(policy=profile.policy_id))
    in_force = TAX_CLASSES.rows(on=on, codes=list(codes.values()))
    by_code = {code: Tax(*tax) for code, *tax in in_force}
    return {kind: _tax(by_code, codes.get(kind), profile, kind) for kind in kinds}


def _tax(by_code: dict[str, Tax], code: str | None, profile: BillingProfile, kind: str) -> Tax:
    if code not in by_code:
        raise NoTaxRule(policy=profile.policy.name, kind=ChargeKind(kind).label)
    return by_code[code]
