from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response

from accounts.access import visible_or_404
from accounts.serializers import PatientInShort
from billing.models import Invoice, InvoiceLine
from billing.statuses import BillState, InvoiceStatus
from hms.core.api.serializers import ModelSerializer

MONEY = ("taxable_value", "cgst", "sgst", "igst", "total")


class Line(ModelSerializer):
    class Meta:
        model = InvoiceLine
        fields = ["description", "kind", "quantity", "unit_price", "discount", "sac", "rate", *MONEY]
        read_only_fields = fields


class InvoiceInList(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    patient = PatientInShort(read_only=True)
    booking = serializers.CharField(
        source="appointment.reference", read_only=True, allow_null=True, default=None
    )
    state = serializers.ChoiceField(BillState.choices, read_only=True)

    class Meta:
        model = Invoice
        fields = ["ref", "number", "status", "state", "patient", "booking", *MONEY, "created_at", "issued_at"]
        read_only_fields = fields


class InvoiceData(InvoiceInList):
    lines = Line(many=True, read_only=True)

    class Meta(InvoiceInList.Meta):
        fields = [*InvoiceInList.Meta.fields, "lines"]
        read_only_fields = fields


class InvoiceFilter(filters.FilterSet):
    patient = filters.CharFilter(field_name="patient__reference", help_text="The `ref` of a patient.")
    booking = filters.CharFilter(field_name="appointment__reference", help_text="The `ref` of a booking.")
    status = filters.ChoiceFilter(choices=InvoiceStatus.choices)


def bills(user):
    return Invoice.objects.visible_to(user).for_patients().for_list()


@extend_schema_view(get=extend_schema(operation_id="list_invoices"))
class Invoices(generics.ListAPIView):
    """Bills of booked visits, and those on which money was paid."""

    serializer_class = InvoiceInList
    filterset_class = InvoiceFilter

    def get_queryset(self):
        return bills(self.request.user)


class OneInvoice(generics.GenericAPIView):
    serializer_class = InvoiceData

    @extend_schema(operation_id="show_invoice")
    def get(self, request, ref):
        return Response(InvoiceData(visible_or_404(request, bills(request.user), ref)).data)
