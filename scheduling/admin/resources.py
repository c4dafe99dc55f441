"""Import and export of doctors; imported rows are saved by the same service as the form's."""

from import_export.fields import Field

from accounts.models import Language
from hms.core.tables.resources import ServiceResource
from hms.core.tables.widgets import CodesWidget, CodeWidget
from scheduling.models import Department, Doctor
from scheduling.services.directory import save_doctor


class DoctorResource(ServiceResource):
    """One doctor per row, identified by the registration number."""

    department = Field("department", widget=CodeWidget(Department, "slug"))
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
        "specialization": "Cardiology",
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
            *("street", "city", "county", "state", "country", "postcode"),
        )

    def get_queryset(self):
        return super().get_queryset().select_related("department").prefetch_related("languages")

    def do_instance_save(self, instance, is_create):  # noqa: ARG002 - the library's signature
        save_doctor(doctor=instance, by=self.by)
