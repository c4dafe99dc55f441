from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers

from accounts.models import Guardianship, Patient
from hms.core.api.serializers import ModelSerializer


class PersonInCare(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)

    class Meta:
        model = Patient
        fields = ["ref", "mrn", "full_name", "date_of_birth", "gender"]
        read_only_fields = fields


class Care(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)
    patient = PersonInCare(read_only=True)

    class Meta:
        model = Guardianship
        fields = ["ref", "relation", "may_book", "may_see_records", "may_pay", "ends_on", "patient"]
        read_only_fields = fields


@extend_schema_view(get=extend_schema(operation_id="list_family"))
class Family(generics.ListAPIView):
    """The people for whom the login acts, itself first, and what it may do for each."""

    serializer_class = Care
    filter_backends = []

    def get_queryset(self):
        held = Guardianship.objects.visible_to(self.request.user).in_force().filter(user=self.request.user.pk)
        return held.for_list().order_by("-is_own", "patient__full_name", "pk")
