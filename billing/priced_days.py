"""On which days every visit has a price, from the rows of the tariff alone."""

from dataclasses import dataclass
from datetime import date, timedelta

from billing.models import BillingProfile, TaxClass, TaxRule
from billing.statuses import ChargeKind


@dataclass(frozen=True)
class Tariff:
    """The parts of profiles, rules and tax classes that decide whether a charge has a tax."""

    profiles: tuple[tuple[date, bool, bool, int], ...]  # begins, is registered, has a service charge, policy
    codes: dict[tuple[int, str], str]  # of the tax class, by policy and charge
    classes: tuple[tuple[str, date, date | None], ...]  # code, first day, last day

    @classmethod
    def now(cls) -> "Tariff":
        profiles = BillingProfile.objects.order_by("valid_from")
        rules = TaxRule.objects.values_list("policy_id", "kind", "tax_class__code")
        return cls(
            tuple(
                (row.valid_from, row.gst_registered, bool(row.service_charge), row.policy_id)
                for row in profiles
            ),
            {(policy, kind): code for policy, kind, code in rules},
            tuple(TaxClass.objects.values_list("code", "valid_from", "valid_to")),
        )

    def is_priced(self, day: date) -> bool:
        begun = [profile for profile in self.profiles if profile[0] <= day]
        if not begun:
            return False
        _begins, is_registered, has_charge, policy = begun[-1]
        kinds = [ChargeKind.CONSULTATION, *([ChargeKind.SERVICE_CHARGE] if has_charge else [])]
        return not is_registered or all(self._in_force(self.codes.get((policy, kind)), day) for kind in kinds)

    def _in_force(self, code: str | None, day: date) -> bool:
        return any(
            known == code and first <= day and (last is None or day <= last)
            for known, first, last in self.classes
        )

    def turning_days(self) -> set[date]:
        """The days on which something begins, or ended the day before."""
        begun = {profile[0] for profile in self.profiles} | {first for _code, first, _last in self.classes}
        return begun | {last + timedelta(days=1) for _code, _first, last in self.classes if last}


def first_day_unpriced(before: Tariff, after: Tariff, today: date) -> date | None:
    """The first day from today that had a price before a change of the tariff and has none after it."""
    days = {today} | before.turning_days() | after.turning_days()
    lost = (day for day in days if day >= today and before.is_priced(day) and not after.is_priced(day))
    return min(lost, default=None)
