from phonenumber_field.serializerfields import PhoneNumberField
from rest_framework import serializers

from accounts.forms.particulars import ProfileForm
from accounts.models import Language, Patient
from accounts.particulars import NAMES
from hms.core.api.serializers import ModelSerializer

FIXED = ("ref", "mrn", "date_of_birth")


class Particulars(ModelSerializer):
    """A patient's particulars; those that the profile page asks for cannot be emptied here either."""

    ref = serializers.CharField(source="reference", read_only=True)
    phone = PhoneNumberField()
    emergency_contact_phone = PhoneNumberField(allow_blank=True, required=False)
    preferred_language = serializers.SlugRelatedField(
        slug_field="code", queryset=Language.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Patient
        fields = ["ref", "mrn", *NAMES]
        read_only_fields = FIXED
        extra_kwargs = {
            name: {"allow_blank": not ProfileForm.base_fields[name].required}
            for name in ("full_name", "street", "city", "state", "postcode", "country")
        } | {"abha_number": {"validators": []}}  # which the service compares without spaces and dashes
