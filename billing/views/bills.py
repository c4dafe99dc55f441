"""A patient's bills, payments, refunds and receipts."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms import PayForm
from billing.models import Invoice
from billing.services.invoices import quoted
from billing.services.quotes import require_price_shown
from billing.views.paying import begin_payment, ways_to_pay
from billing.views.scoped import own_invoice_or_404, own_payment_or_404
from hms.core.pdf import draw_pdf, send_pdf
from hms.core.refusals import put_on_form
from scheduling.own import people_cared_for_by

BILLS_A_PAGE = 10


@login_required
@require_safe
def list_bills(request):
    people = [
        guardianship.patient_id for guardianship in people_cared_for_by(request.user) if guardianship.may_pay
    ]
    bills = Invoice.objects.visible_to(request.user).filter(patient__in=people)
    page = Paginator(bills.for_patients().for_list(), BILLS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/list_bills.html", {"page": page, "many": len(people) > 1})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pay_bill(request, reference):
    invoice = own_invoice_or_404(request, reference)
    if not invoice.is_due:
        return redirect("billing:list-bills")
    quote = quoted(invoice)
    ways = ways_to_pay(request.user, invoice.patient_id, quote, desk=False)
    form = PayForm(request.POST or None, ways=ways, initial={"total": quote.total})
    if form.is_valid():
        try:
            require_price_shown(form.cleaned_data["total"], quote.total)
            way, key = form.cleaned_data["pay"], form.cleaned_data["key"]
            return redirect(begin_payment(invoice, way, key, request.user))
        except ValidationError as refusal:
            put_on_form(form, refusal)
    context = {"invoice": invoice, "quote": quote, "form": form}
    status = HTTPStatus.CONFLICT if form.errors else HTTPStatus.OK
    return render(request, "billing/pay_bill.html", context, status=status)


@login_required
@require_safe
def show_receipt(request, reference):
    payment, receipt = _receipt_or_404(request, reference)
    refunds = list(payment.refunds.order_by("created_at", "pk"))
    context = {"payment": payment, "receipt": receipt, "paper": receipt.frozen, "refunds": refunds}
    return render(request, "billing/show_receipt.html", context)


@login_required
@require_safe
def download_receipt(request, reference):
    """The receipt as PDF; without the PDF library, redirects to the printable page with a message."""
    payment, receipt = _receipt_or_404(request, reference)

    def draw() -> bytes:
        page = render_to_string("billing/receipt_pdf.html", {"paper": receipt.frozen})
        return draw_pdf(page, stylesheets=["css/pages/receipt-pdf.css"])

    otherwise = reverse("billing:show-receipt", args=[payment.reference])
    return send_pdf(request, draw, name=receipt.number, otherwise=otherwise)


def _receipt_or_404(request, reference):
    payment = own_payment_or_404(request, reference)
    if not hasattr(payment, "receipt"):
        raise Http404
    return payment, payment.receipt
