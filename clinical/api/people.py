from django_filters import rest_framework as filters


class OfPatient(filters.FilterSet):
    patient = filters.CharFilter(field_name="patient__reference", help_text="The `ref` of a patient.")
