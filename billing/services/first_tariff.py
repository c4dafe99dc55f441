"""The tax policies to choose from and the billing profile that a new hospital starts with."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from audit.capture.context import audit_context
from billing.models import BillingProfile, TaxClass, TaxPolicy, TaxRule
from hms.core.transactions import retried_atomic

GST_BEGAN = date(2017, 7, 1)
CLASSES = {
    "consultation-exempt": (
        "Consultation, exempt",
        "exempt",
        "0",
        "999312",
        "Notification 12/2017-CT(R), entry 74(a)",
    ),
    "consultation-taxed": ("Consultation, taxed", "taxable", "18", "999312", ""),
    "service-charge": (
        "Service charge, a supply of its own",
        "taxable",
        "18",
        "999799",
        "CGST Act, section 8; standard rate",
    ),
    "ancillary-exempt": (
        "Ancillary to an exempt consultation",
        "exempt",
        "0",
        "999312",
        "CGST Act, section 8(a): composite supply",
    ),
}
POLICIES = {
    "law": (
        "Consultation exempt, service charge taxed",
        (
            "A consultation by a clinical establishment is exempt; the hospital's service charge is a "
            "supply of its own. 500 + 50 gives 559.00."
        ),
        {"consultation": "consultation-exempt", "service_charge": "service-charge"},
    ),
    "tax-everything": (
        "Everything taxed",
        (
            "For consultations that are taxable, such as cosmetic ones. Collecting tax on exempt ones "
            "is a liability (CGST Act, section 76). 500 + 50 gives 649.00."
        ),
        {"consultation": "consultation-taxed", "service_charge": "service-charge"},
    ),
    "composite": (
        "Service charge as part of the consultation",
        "The service charge is ancillary to the exempt consultation. 500 + 50 gives 550.00.",
        {"consultation": "consultation-exempt", "service_charge": "ancillary-exempt"},
    ),
}


@retried_atomic
def make_first_tariff() -> list[str]:
    """Create the first policies and profile and report it; does nothing if a tax policy exists."""
    if TaxPolicy.objects.exists():
        return []
    with audit_context(reason="Came with the software"):
        classes = {
            code: TaxClass.objects.create(
                code=code, name=name, treatment=treatment, rate=Decimal(rate), sac=sac,
                legal_ref=legal_ref, valid_from=GST_BEGAN,
            )
            for code, (name, treatment, rate, sac, legal_ref) in CLASSES.items()
        }  # fmt: skip
        for code, (name, description, rules) in POLICIES.items():
            policy = TaxPolicy.objects.create(code=code, name=name, description=description)
            for kind, tax_class in rules.items():
                TaxRule.objects.create(policy=policy, kind=kind, tax_class=classes[tax_class])
        BillingProfile.objects.create(
            valid_from=GST_BEGAN,
            legal_name=settings.HOSPITAL["name"],
            gst_registered=True,
            policy=TaxPolicy.objects.get(code="law"),
            service_charge=Decimal("50.00"),
        )
    return ["The first tax policies and a billing profile have been created: check them in the staff site."]
