"""Import and export of the directory; imported rows are saved by the same services as the forms'."""

from django.core.exceptions import ValidationError
from import_export.fields import Field

from accounts.models import Language
from hms.core.tables.resources import ServiceResource
from hms.core.tables.widgets import CodesWidget, CodeWidget
from scheduling.exceptions import VisitsAreComing
from scheduling.models import Appointment, Department, Doctor, Nurse, Specialization
from scheduling.services.directory import save_department, save_doctor, save_nurse


class ClosableResource(ServiceResource):
    """Refuses to close a row that visits are coming to: a file has no page that shows whose they are."""

    to_visits: str

    def check(self, instance, exclude):
        super().check(instance, exclude)
        if instance.is_active or not self.get_queryset().filter(pk=instance.pk, is_active=True).exists():
            return
        coming = Appointment.objects.visible_to(self.by).upcoming().filter(**{self.to_visits: instance})
        if count := coming.count():
            raise ValidationError({"is_active": VisitsAreComing.of(count)})


class DoctorResource(ClosableResource):
    """One doctor per row, identified by the registration number."""

    to_visits = "doctor"

    department = Field("department", widget=CodeWidget(Department, "slug"))
    specialization = Field("specialization", widget=CodeWidget(Specialization, "name"))
    languages = Field("languages", widget=CodesWidget(Language, ",", "code"))
    key = "registration_number"
    known_as = {
        "registration_number": ("reg no", "registration no", "licence", "license", "licence number"),
        "degree": ("qualification", "qualifications", "degree"),
        "specialization": ("speciality", "specialty", "specialisation"),
        "fee": ("fees", "consultation fees", "charge", "charges"),
    }
    examples = {
        "registration_number": "KMC-12345",
        "registration_council": "Karnataka Medical Council",
        "registration_expires_on": "2040-03-31",
        "full_name": "Dr Asha Rao",
        "degree": "MBBS, MD",
        "practising_since": "2008",
        "fee": "500",
        "country": "India",
    }

    class Meta(ServiceResource.Meta):
        model = Doctor
        import_id_fields = ["registration_number"]
        clean_model_instances = True
        fields = export_order = (
            *("registration_number", "registration_council", "registration_expires_on"),
            *("full_name", "department", "specialization", "category", "degree", "gender"),
            *("practising_since", "fee", "languages", "biography", "is_active"),
            *("phone", "phone_is_public", "email", "email_is_public"),
            *("street", "city", "county", "state", "country", "postcode"),
        )

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("department", "specialization")
            .prefetch_related("languages")
        )

    def do_instance_save(self, instance, is_create):  # noqa: ARG002 - the library's signature
        save_doctor(doctor=instance, by=self.by)


class NurseResource(ServiceResource):
    """One nurse per row, identified by the registration number; doctors by theirs."""

    department = Field("department", widget=CodeWidget(Department, "slug"))
    doctors = Field("doctors", widget=CodesWidget(Doctor, ",", "registration_number"))
    key = "registration_number"
    examples = {
        "registration_number": "KNC-12345",
        "full_name": "Meena Iyer",
        "degree": "GNM",
        "email": "meena.iyer@hospital.example",
        "country": "India",
    }

    class Meta(ServiceResource.Meta):
        model = Nurse
        import_id_fields = ["registration_number"]
        clean_model_instances = True
        fields = export_order = (
            *("registration_number", "full_name", "degree", "department", "phone", "email", "doctors"),
            *("is_active", "street", "city", "county", "state", "country", "postcode"),
        )

    def get_queryset(self):
        return super().get_queryset().select_related("department").prefetch_related("doctors")

    def do_instance_save(self, instance, is_create):  # noqa: ARG002 - the library's signature
        save_nurse(nurse=instance, by=self.by)


class DepartmentResource(ClosableResource):
    """One department per row, identified by its address name; its head by the registration number."""

    to_visits = "doctor__department"

    head = Field("head", widget=CodeWidget(Doctor, "registration_number"))
    created_at = Field("created_at", readonly=True)
    changed_at = Field("changed_at", readonly=True)
    key, kept = "slug", ("created_at", "changed_at")
    examples = {"slug": "eye-care", "name": "Eye care", "opens_at": "09:00", "closes_at": "17:00"}

    class Meta(ServiceResource.Meta):
        model = Department
        import_id_fields = ["slug"]
        clean_model_instances = True
        fields = export_order = (
            *("slug", "name", "description", "opens_at", "closes_at", "head", "is_active"),
            *("created_at", "changed_at"),
        )

    def get_queryset(self):
        return super().get_queryset().select_related("head")

    def do_instance_save(self, instance, is_create):  # noqa: ARG002 - the library's signature
        save_department(department=instance, by=self.by)
