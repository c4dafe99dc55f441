"""The practice bank's page, and the address that receives gateway messages."""

import logging

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.gateways import BadMessage, BadSignature, gateway_of
from billing.gateways.simulated import Outcome, decide
from billing.models import Payment, SimulatedDelivery
from billing.services.gateway_messages import UnknownPayment, deliver, receive_message
from billing.services.rights import may_pay_for
from billing.statuses import GatewayCode
from billing.views.scoped import own_payment_or_404

logger = logging.getLogger(__name__)
DELIVER = "deliver"


class PaySimulated(LoginRequiredMixin, View):
    """The practice bank's payment page; the hospital learns the outcome only through signed messages."""

    def get(self, request, reference):
        payment = self.payment(reference)
        if not payment.is_open:
            return redirect(payment)
        context = {"payment": payment, "coming": undelivered(payment).first()}
        return render(request, "billing/pay_simulated.html", context)

    def post(self, request, reference):
        payment = self.payment(reference)
        pressed = request.POST.get("outcome", "")
        if pressed not in (*Outcome.values, DELIVER):
            return HttpResponseBadRequest()
        if pressed == DELIVER:
            for delivery in undelivered(payment):
                deliver(delivery)
        elif payment.is_open and not undelivered(payment).exists():
            delivery = decide(payment, Outcome(pressed))
            if pressed != Outcome.LATE:
                deliver(delivery)
        return redirect(payment)

    def payment(self, reference: str) -> Payment:
        payment = own_payment_or_404(self.request, reference)
        if not may_pay_for(self.request.user, payment.invoice.patient_id):
            raise Http404  # staff may see payments, but only the payer may use this page
        return payment


def undelivered(payment: Payment):
    return SimulatedDelivery.objects.filter(payment_reference=payment.reference, delivered_at=None)


@method_decorator([csrf_exempt, require_POST], name="dispatch")
class GatewayCallback(View):
    """Receives gateway messages; public, because the signature authenticates the sender."""

    gateway = GatewayCode.SIMULATED

    def post(self, request):
        try:
            message = gateway_of(self.gateway).read(request.body, request.headers)
            return JsonResponse({"outcome": receive_message(message)})
        except BadSignature:
            logger.warning("a message for the gateway %s has an invalid signature", self.gateway)
            return JsonResponse({"error": "signature"}, status=403)
        except BadMessage:
            return JsonResponse({"error": "message"}, status=400)
        except UnknownPayment:
            return JsonResponse({"error": "payment"}, status=404)
