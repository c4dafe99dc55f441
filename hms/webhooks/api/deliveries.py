"""What was sent to an address and how it ended: for administrators."""

from http import HTTPStatus

from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response

from hms.core.api.rights import holds
from hms.core.api.serializers import ModelSerializer
from hms.webhooks.models import Delivery, Endpoint
from hms.webhooks.services import send_again, send_test
from hms.webhooks.statuses import DeliveryStatus, Event


class DeliveryOfWebhook(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True, help_text="Also the `webhook-id`.")

    class Meta:
        model = Delivery
        fields = [
            *("ref", "event", "status", "created_at", "attempts", "tried_at", "due_at"),
            *("delivered_at", "answer", "error", "body"),
        ]
        read_only_fields = fields


class DeliveryFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=DeliveryStatus.choices)
    event = filters.ChoiceFilter(choices=Event.choices)

    class Meta:
        model = Delivery
        fields = []


class OfDeliveries(generics.GenericAPIView):
    permission_classes = [holds("webhooks.change_endpoint")]
    queryset = Delivery.objects.all()
    serializer_class = DeliveryOfWebhook

    def endpoint(self) -> Endpoint:
        endpoint = Endpoint.objects.filter(reference=self.kwargs["ref"]).first()
        if endpoint is None:
            raise Http404
        return endpoint


@extend_schema_view(get=extend_schema(operation_id="list_deliveries"))
class Deliveries(OfDeliveries, generics.ListAPIView):
    """The latest first."""

    filterset_class = DeliveryFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return self.endpoint().deliveries.order_by("-created_at", "-pk")


class SendAgain(OfDeliveries):
    @extend_schema(operation_id="send_delivery", request=None, responses={202: DeliveryOfWebhook})
    def post(self, request, ref, delivery):  # noqa: ARG002
        """Send it again under the same `webhook-id`; 409 `step_refused` while it waits anyway."""
        found = self.endpoint().deliveries.filter(reference=delivery).first()
        if found is None:
            raise Http404
        again = send_again(delivery=found, by=request.user)
        return Response(DeliveryOfWebhook(again).data, status=HTTPStatus.ACCEPTED)


class SendTest(OfDeliveries):
    @extend_schema(operation_id="test_webhook", request=None, responses={202: DeliveryOfWebhook})
    def post(self, request, ref):  # noqa: ARG002
        """Queue a `webhook.test`, which is also sent while the address is disabled."""
        queued = send_test(endpoint=self.endpoint(), by=request.user)
        return Response(DeliveryOfWebhook(queued).data, status=HTTPStatus.ACCEPTED)
