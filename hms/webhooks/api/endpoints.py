"""Addresses that are told of events, and their secrets: for administrators."""

from http import HTTPStatus

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response

from hms.core.api.rights import ModelRights
from hms.core.api.serializers import ModelSerializer
from hms.webhooks.models import Endpoint
from hms.webhooks.services import (
    delete_endpoint,
    rotate_secret,
    save_endpoint,
)
from hms.webhooks.statuses import TOPICS, EndpointStatus, WhyDisabled


class Webhook(ModelSerializer):
    """Names and addresses are judged by the service."""

    ref = serializers.CharField(source="reference", read_only=True)
    disabled_because = serializers.ChoiceField(WhyDisabled.choices, read_only=True, allow_blank=True)
    events = serializers.ListField(child=serializers.ChoiceField(TOPICS), allow_empty=False)

    class Meta:
        model = Endpoint
        fields = [
            *("ref", "name", "url", "events", "status", "disabled_because", "created_at"),
            *("last_success_at", "failing_since", "failures", "rests_until", "old_secret_until"),
        ]
        read_only_fields = fields[4:]


class ChangedWebhook(Webhook):
    status = serializers.ChoiceField(EndpointStatus.choices, required=False)

    class Meta(Webhook.Meta):
        read_only_fields = Webhook.Meta.fields[5:]


class WebhookWithSecret(Webhook):
    secret = serializers.CharField(read_only=True, help_text="Shown once.")

    class Meta(Webhook.Meta):
        fields = [*Webhook.Meta.fields, "secret"]


class OfWebhooks(generics.GenericAPIView):
    permission_classes = [ModelRights]
    filter_backends = []
    model = Endpoint
    queryset = Endpoint.objects.order_by("name")
    serializer_class = Webhook
    lookup_field, lookup_url_kwarg = "reference", "ref"

    def with_secret(self, endpoint: Endpoint, secret: str, code: HTTPStatus) -> Response:
        return Response(Webhook(endpoint).data | {"secret": secret}, status=code)


@extend_schema_view(get=extend_schema(operation_id="list_webhooks"))
class Webhooks(OfWebhooks, generics.ListAPIView):
    @extend_schema(operation_id="add_webhook", responses={201: WebhookWithSecret})
    def post(self, request):
        """Register an address; the answer shows its secret, which no other answer does."""
        given = Webhook(data=request.data)
        given.is_valid(raise_exception=True)
        endpoint = Endpoint(**given.validated_data)
        secret = save_endpoint(endpoint=endpoint, by=request.user)
        return self.with_secret(endpoint, secret, HTTPStatus.CREATED)


@extend_schema_view(get=extend_schema(operation_id="show_webhook"))
class OneWebhook(OfWebhooks, generics.RetrieveAPIView):
    @extend_schema(operation_id="change_webhook", request=ChangedWebhook, responses=Webhook)
    def patch(self, request, ref):  # noqa: ARG002
        """Change it, disable it, or send to it again: `{"status": "active"}`."""
        endpoint = self.get_object()
        given = ChangedWebhook(endpoint, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        wanted = changes.pop("status", endpoint.status)
        for name, value in changes.items():
            setattr(endpoint, name, value)
        to = wanted if wanted != endpoint.status else None
        save_endpoint(endpoint=endpoint, to=to, by=request.user)
        return Response(Webhook(self.get_object()).data)

    @extend_schema(operation_id="delete_webhook", responses={204: None})
    def delete(self, request, ref):  # noqa: ARG002
        """Forget it, with what was sent to it."""
        delete_endpoint(endpoint=self.get_object(), by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


class RotateWebhook(OfWebhooks):
    @extend_schema(operation_id="rotate_webhook", request=None, responses=WebhookWithSecret)
    def post(self, request, ref):  # noqa: ARG002
        """A new secret; the one before also signs for a day."""
        secret = rotate_secret(endpoint=self.get_object(), by=request.user)
        return self.with_secret(self.get_object(), secret, HTTPStatus.OK)
