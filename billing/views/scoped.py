"""The payments and bills that a page may show to whoever asks."""

from accounts.access import visible_or_404
from billing.models import Invoice, Payment


def own_payment_or_404(request, reference: str) -> Payment:
    """A payment that the person may see, with its bill and visit."""
    return visible_or_404(request, Payment.objects.visible_to(request.user).with_visit(), reference)


def own_invoice_or_404(request, reference: str) -> Invoice:
    """A bill that the person may see and pay, with its visit."""
    return visible_or_404(request, Invoice.objects.visible_to(request.user).for_list(), reference)
