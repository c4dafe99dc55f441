"""Departments and doctors: public to read, for administrators to change."""

from django.db.models import Model
from django.http import Http404
from django.utils.text import slugify
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.response import Response

from accounts.models import Language
from hms.core.api.forms import CheckedByForm
from hms.core.api.rights import ModelRights
from hms.core.api.serializers import ModelSerializer
from hms.core.references import new_reference
from hms.core.rights import permission_for
from scheduling.api.doctor_filter import DoctorFilter
from scheduling.forms.staff_directory import DepartmentForm, DoctorForm
from scheduling.models import Department, Doctor, Specialization
from scheduling.services import change_hours
from scheduling.services.directory import delete_row, save_department, save_doctor

CONFIRM = OpenApiParameter(
    "confirm",
    description="What the refusal `puts_outside_hours` gave: saves although bookings are then outside "
    "working hours.",
)
SLUG_LENGTH = Department._meta.get_field("slug").max_length


@extend_schema_field({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:30"]})
class ClockField(serializers.TimeField):
    """A time of day in the hospital, to the minute."""

    def __init__(self, **options):
        super().__init__(**{"format": "%H:%M", "input_formats": ["%H:%M"]} | options)


class DepartmentInShort(ModelSerializer):
    ref = serializers.SlugField(source="slug", read_only=True)

    class Meta:
        model = Department
        fields = ["ref", "name"]
        read_only_fields = fields


class DepartmentSerializer(CheckedByForm):
    form_class = DepartmentForm

    ref = serializers.SlugField(source="slug", read_only=True)
    opens_at = ClockField()
    closes_at = ClockField()

    class Meta:
        model = Department
        fields = ["ref", "name", "description", "opens_at", "closes_at", "is_active"]


class DoctorSerializer(CheckedByForm):
    form_class = DoctorForm

    ref = serializers.CharField(source="reference", read_only=True)
    department = DepartmentInShort(read_only=True)
    languages = serializers.SlugRelatedField(
        slug_field="code", queryset=Language.objects.all(), many=True, required=False
    )
    specialization = serializers.SlugRelatedField(slug_field="name", queryset=Specialization.objects.all())
    photo = serializers.ImageField(read_only=True)

    class Meta:
        model = Doctor
        fields = [
            *("ref", "full_name", "department", "specialization", "category", "degree", "gender"),
            *("languages", "practising_since", "fee", "first_visit_slots", "biography"),
            *("photo", "rating", "rating_count"),
            *("registration_number", "registration_council", "registration_expires_on", "is_active"),
        ]
        read_only_fields = ["rating", "rating_count"]


def keeps(user, model: type[Model]) -> bool:
    """Whether the user may change such rows, and so sees those that are closed."""
    return user.has_perm(permission_for("change", model))


class OfDirectory(generics.GenericAPIView):
    permission_classes = [ModelRights]
    is_public = True
    model: type[Model]

    def get_permissions(self):
        is_open = self.is_public and self.request.method in SAFE_METHODS
        return [AllowAny()] if is_open else super().get_permissions()

    def save(self, serializer, service, **row) -> None:
        """Save with the service, unless that puts bookings outside working hours and nobody has agreed."""
        change_hours(
            row=serializer.row,
            save=lambda: service(**row, by=self.request.user),
            confirmed=self.request.query_params.get("confirm", ""),
            by=self.request.user,
        )

    def put(self, request, *_args, **_kwargs):
        return self.change(request, partial=False)

    def patch(self, request, *_args, **_kwargs):
        return self.change(request, partial=True)

    def change(self, request, *, partial: bool) -> Response:
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        self.save_row(serializer)
        return Response(self.get_serializer(serializer.row).data)

    def create(self, serializer) -> Response:
        serializer.is_valid(raise_exception=True)
        self.save_row(serializer)
        return Response(self.get_serializer(serializer.row).data, status=status.HTTP_201_CREATED)


class OfDepartments(OfDirectory):
    model = Department
    serializer_class = DepartmentSerializer
    lookup_field, lookup_url_kwarg = "slug", "ref"

    def get_queryset(self):
        found = Department.objects.order_by("name")
        return found if keeps(self.request.user, Department) else found.filter(is_active=True)

    def save_row(self, serializer) -> None:
        row = serializer.row
        row.slug = row.slug or free_slug(row.name)
        self.save(serializer, save_department, department=row)


@extend_schema_view(get=extend_schema(operation_id="list_departments"))
class Departments(OfDepartments, generics.ListAPIView):
    filter_backends = []
    http_method_names = ["get", "head", "post"]

    @extend_schema(operation_id="add_department", responses={201: DepartmentSerializer})
    def post(self, request):
        return self.create(self.get_serializer(data=request.data))


@extend_schema_view(
    get=extend_schema(operation_id="show_department"),
    put=extend_schema(operation_id="replace_department", parameters=[CONFIRM]),
    patch=extend_schema(operation_id="change_department", parameters=[CONFIRM]),
)
class OneDepartment(OfDepartments, generics.RetrieveAPIView):
    @extend_schema(operation_id="delete_department", responses={204: None})
    def delete(self, request, ref):  # noqa: ARG002
        """Refused with `in_use` while doctors or others refer to it; it can be closed with `is_active`."""
        delete_row(row=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OfDoctors(OfDirectory):
    model = Doctor
    serializer_class = DoctorSerializer
    lookup_field, lookup_url_kwarg = "reference", "ref"

    def get_queryset(self):
        found = Doctor.objects.for_list()
        return found if keeps(self.request.user, Doctor) else found.filter(is_active=True)

    def save_row(self, serializer) -> None:
        languages = serializer.validated_data.get("languages")
        self.save(serializer, save_with_languages, doctor=serializer.row, languages=languages)


def save_with_languages(*, doctor: Doctor, languages: list[Language] | None, by) -> None:
    save_doctor(doctor=doctor, by=by)
    if languages is not None:
        doctor.languages.set(languages)


@extend_schema_view(get=extend_schema(operation_id="list_doctors"))
class Doctors(OfDoctors, generics.ListAPIView):
    """Doctors who can be booked."""

    filterset_class = DoctorFilter
    http_method_names = ["get", "head"]


@extend_schema_view(
    get=extend_schema(operation_id="show_doctor"),
    put=extend_schema(operation_id="replace_doctor", parameters=[CONFIRM]),
    patch=extend_schema(operation_id="change_doctor", parameters=[CONFIRM]),
)
class OneDoctor(OfDoctors, generics.RetrieveAPIView):
    @extend_schema(operation_id="close_doctor", responses={204: None}, parameters=[CONFIRM])
    def delete(self, request, ref):  # noqa: ARG002
        """Close the doctor for bookings; history stays."""
        doctor = self.get_object()
        doctor.is_active = False
        change_hours(
            row=doctor,
            save=lambda: save_doctor(doctor=doctor, by=request.user),
            confirmed=request.query_params.get("confirm", ""),
            by=request.user,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class DoctorsOfDepartment(OfDoctors):
    http_method_names = ["post"]

    @extend_schema(operation_id="add_doctor", responses={201: DoctorSerializer})
    def post(self, request, ref):
        department = Department.objects.filter(slug=ref).first()
        if department is None:
            raise Http404
        serializer = self.get_serializer(data=request.data)
        serializer.given = {"department": department}
        return self.create(serializer)


def free_slug(name: str) -> str:
    """An address name that no department has; a random one for a name without Latin letters."""
    slug = slugify(name)[:SLUG_LENGTH].strip("-")
    if not slug or Department.objects.filter(slug=slug).exists():
        return f"{slug[:25]}-{new_reference().lower()}".strip("-")
    return slug
