"""Payments and bills that the person may see, or 404."""

from accounts.access import visible_or_404
from billing.models import Invoice, Payment


def own_payment_or_404(request, reference: str) -> Payment:
    return visible_or_404(request, Payment.objects.visible_to(request.user).with_visit(), reference)


def own_invoice_or_404(request, reference: str) -> Invoice:
    return visible_or_404(request, Invoice.objects.visible_to(request.user).for_list(), reference)
