"""How resources of the API above name a patient."""

from rest_framework import serializers

from accounts.models import Patient
from hms.core.api.serializers import ModelSerializer


class PatientInShort(ModelSerializer):
    ref = serializers.CharField(source="reference", read_only=True)

    class Meta:
        model = Patient
        fields = ["ref", "mrn", "full_name"]
        read_only_fields = fields
