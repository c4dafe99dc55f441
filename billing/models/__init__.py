from billing.models.gateway import GatewayEvent, SimulatedDelivery
from billing.models.invoice import Invoice, InvoiceLine
from billing.models.payment import Payment, Refund
from billing.models.profile import BillingProfile
from billing.models.receipt import NumberSeries, Receipt
from billing.models.tax import TaxClass, TaxPolicy, TaxRule

__all__ = [
    "BillingProfile",
    "GatewayEvent",
    "Invoice",
    "InvoiceLine",
    "NumberSeries",
    "Payment",
    "Receipt",
    "Refund",
    "SimulatedDelivery",
    "TaxClass",
    "TaxPolicy",
    "TaxRule",
]
