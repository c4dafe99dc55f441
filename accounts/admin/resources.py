from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import DateWidget, ForeignKeyWidget, Widget

from accounts.admin.tables import ServiceResource
from accounts.models import Language, Patient, User
from accounts.particulars import Particulars
from accounts.roles import Role
from accounts.services import (
    register_login,
    register_patient,
    set_roles,
    update_login,
    update_patient,
)


class PatientResource(ServiceResource):
    """One patient per row. A row without an MRN registers a patient; one with an MRN changes that patient."""

    # Only ISO dates: 03/04/1984 is ambiguous.
    date_of_birth = Field("date_of_birth", widget=DateWidget("%Y-%m-%d"))
    preferred_language = Field("preferred_language", widget=ForeignKeyWidget(Language, "code"))
    kept = ("mrn",)

    class Meta:
        model = Patient
        import_id_fields = ["mrn"]
        fields = export_order = (
            *("mrn", "full_name", "date_of_birth", "gender", "blood_group", "abha_number"),
            *("phone", "email", "street", "city", "county", "state", "postcode", "country"),
            *("emergency_contact_name", "emergency_contact_phone", "preferred_language"),
            *("wants_email", "wants_sms"),
        )
        skip_unchanged = True
        report_skipped = True

    def get_queryset(self):
        return super().get_queryset().select_related("preferred_language")

    def get_instance(self, instance_loader, row):
        number = (row.get("mrn") or "").strip()
        found = super().get_instance(instance_loader, row) if number else None
        if number and found is None:
            raise ValidationError(
                {"mrn": _("There is no such patient. Leave the number empty to register a new one.")}
            )
        return found

    def do_instance_save(self, instance, is_create):
        particulars = Particulars(**self.imported(instance))
        if is_create:
            saved = register_patient(particulars=particulars, by=self.by)
            instance.pk, instance.mrn = saved.pk, saved.mrn
        else:
            update_patient(patient=instance, particulars=particulars, by=self.by)


class RolesWidget(Widget):
    """Role names separated by commas."""

    def clean(self, value, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        names = [name.strip() for name in (value or "").split(",") if name.strip()]
        unknown = sorted(set(names) - set(Role.values))
        if unknown:
            raise ValueError(_("There is no role %(names)s.") % {"names": ", ".join(unknown)})
        return [Role(name) for name in names]

    def render(self, value, obj=None, **kwargs):  # noqa: ARG002 - the library's signature
        return ",".join(sorted(value or ()))


class UserResource(ServiceResource):
    """One login per row, identified by its e-mail address. Passwords are neither imported nor exported."""

    roles = Field("role_names", column_name="roles", widget=RolesWidget())

    class Meta:
        model = User
        import_id_fields = ["email"]
        fields = export_order = ("email", "full_name", "phone", "roles", "is_active")
        skip_unchanged = True
        report_skipped = True

    def get_queryset(self):
        return super().get_queryset().prefetch_related("groups")

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if field.column_name == "roles":
            if "roles" in row:
                instance.wanted_roles = field.clean(row)
        else:
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        wanted = getattr(instance, "wanted_roles", None)
        if wanted is not None and set(wanted) != original_roles(original):
            return False
        return super().skip_row(instance, original, row, import_validation_errors)

    def do_instance_save(self, instance, is_create):
        wanted = getattr(instance, "wanted_roles", None)
        values = {name: getattr(instance, name) for name in ("full_name", "phone")}
        if is_create:
            saved = register_login(by=self.by, email=instance.email, roles=wanted or (), **values)
            instance.pk = saved.pk
        else:
            update_login(user=instance, by=self.by, is_active=instance.is_active, **values)
            if wanted is not None:
                set_roles(user=instance, roles=wanted, by=self.by)


def original_roles(user: User) -> set[str]:
    return user.role_names if user.pk else set()
