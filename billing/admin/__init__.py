from billing.admin.invoices import InvoiceAdmin
from billing.admin.messages import GatewayEventAdmin
from billing.admin.payments import PaymentAdmin
from billing.admin.receipts import ReceiptAdmin
from billing.admin.refunds import RefundAdmin
from billing.admin.tariff import BillingProfileAdmin, TaxClassAdmin, TaxPolicyAdmin

__all__ = [
    "BillingProfileAdmin",
    "GatewayEventAdmin",
    "InvoiceAdmin",
    "PaymentAdmin",
    "ReceiptAdmin",
    "RefundAdmin",
    "TaxClassAdmin",
    "TaxPolicyAdmin",
]
