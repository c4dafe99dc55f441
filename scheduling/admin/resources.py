"""Import and export of doctors; imported rows are saved by the same service as the form's."""

from import_export import fields, resources, widgets

from accounts.models import Language
from scheduling.models import Department, Doctor
from scheduling.services.directory import save_doctor


class DoctorResource(resources.ModelResource):
    department = fields.Field(attribute="department", widget=widgets.ForeignKeyWidget(Department, "slug"))
    languages = fields.Field(attribute="languages", widget=widgets.ManyToManyWidget(Language, ",", "code"))

    class Meta:
        model = Doctor
        import_id_fields = ["registration_number"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        fields = (
            *("registration_number", "registration_council", "registration_expires_on"),
            *("full_name", "department", "specialization", "category", "degree", "gender"),
            *("practising_since", "fee", "languages", "biography", "is_active"),
            *("street", "city", "county", "state", "country", "postcode"),
        )
        export_order = fields

    def get_queryset(self):
        return super().get_queryset().select_related("department").prefetch_related("languages")

    def do_instance_save(self, instance, is_create):  # noqa: ARG002
        save_doctor(doctor=instance, by=self.by)

    def __init__(self, by=None, **kwargs):
        super().__init__(**kwargs)
        self.by = by
