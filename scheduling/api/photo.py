"""The photograph of a doctor: the only body of the API that is not JSON."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from scheduling.api.directory import DoctorSerializer, OfDoctors
from scheduling.services.directory import save_doctor


class Photograph(serializers.Serializer):
    photo = serializers.FileField(help_text="JPEG, PNG or WebP, of at most 5 MB.", write_only=True)


class Photo(OfDoctors):
    parser_classes = [MultiPartParser]
    http_method_names = ["put", "delete"]

    @extend_schema(
        request={"multipart/form-data": Photograph}, responses=DoctorSerializer, operation_id="put_photo"
    )
    def put(self, request, ref):  # noqa: ARG002
        """Store a photograph in place of the one before, made small and without what else the file held."""
        given = Photograph(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(self.get_serializer(self.saved(given.validated_data["photo"])).data)

    @extend_schema(request=None, responses={204: None}, operation_id="delete_photo")
    def delete(self, request, ref):  # noqa: ARG002
        self.saved("")
        return Response(status=status.HTTP_204_NO_CONTENT)

    def saved(self, photo):
        doctor = self.get_object()
        doctor.photo = photo
        return save_doctor(doctor=doctor, by=self.request.user)
