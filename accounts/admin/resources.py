import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from import_export.fields import Field
from import_export.widgets import Widget

from accounts.exceptions import OwnAdministratorRole, OwnLogin, RoleNeedsTwo, RolesNotYours, SuperuserOnly
from accounts.matching import DateFit, Likeness, NameFit, compare
from accounts.models import Language, Patient, User
from accounts.names import tidy_email
from accounts.particulars import Particulars
from accounts.roles import Role
from accounts.services import (
    check_patient,
    person_of,
    register_login,
    register_patient,
    register_patients,
    repeated,
    roles_to_approve,
    set_roles,
    similar_to_each,
    update_login,
    update_patient,
)
from hms.core.rights import require_to_save
from hms.core.tables.importing import Alike
from hms.core.tables.resources import ServiceResource
from hms.core.tables.widgets import CodeWidget

OWN_NUMBER = re.compile(r"\s*H\d{6,}\s*", re.IGNORECASE)
KNOWN_BY = ("full_name", "date_of_birth")
SAME_NAMES = {NameFit.SAME, NameFit.REORDERED, NameFit.SPELLED, NameFit.LONGER}


class PatientResource(ServiceResource):
    """One patient per row. A row without an MRN registers a patient; one with an MRN changes that patient."""

    preferred_language = Field("preferred_language", widget=CodeWidget(Language, "code"))
    key, kept, is_key_needed = "mrn", ("mrn",), False
    known_as = {
        "mrn": ("uhid", "patient id", "patient no", "patient number", "hospital no", "reg no", "op no", "id")
    }
    examples = {
        "mrn": "",
        "full_name": "Asha Rao",
        "city": "Bengaluru",
        "country": "India",
        "abha_number": "",
    }
    advice = _lazy(
        "A row with one of our numbers (H000123) changes that patient, one without registers a new patient. "
        "There is no place for the number that another system gave: ignore its column, or keep the file."
    )

    class Meta(ServiceResource.Meta):
        model = Patient
        import_id_fields = ["mrn"]
        fields = export_order = (
            *("mrn", "full_name", "date_of_birth", "gender", "blood_group", "abha_number"),
            *("phone", "email", "street", "city", "county", "state", "postcode", "country"),
            *("emergency_contact_name", "emergency_contact_phone", "preferred_language"),
            *("wants_email", "wants_sms"),
        )

    def get_queryset(self):
        return super().get_queryset().select_related("preferred_language")

    def with_key(self, text: str) -> Q:
        return Q(mrn=text.upper())

    def get_instance(self, instance_loader, row):
        typed = str(row.get("mrn") or "").strip()
        if typed and not OWN_NUMBER.fullmatch(typed):
            text = _("“%(typed)s” is not one of our numbers, which are written as H000123.")
            raise ValidationError({"mrn": text % {"typed": typed}})
        found = super().get_instance(instance_loader, row)
        if found is None and typed:
            raise ValidationError(
                {"mrn": _("There is no such patient. Leave the number empty to register a new one.")}
            )
        return found

    def after_init_instance(self, instance, new, row, **kwargs):
        super().after_init_instance(instance, new, row, **kwargs)
        self.before = None if new else person_of(instance)
        estimated = self.rows[kwargs["row_number"] - 1].estimated
        self.told = {name for name in KNOWN_BY if row.get(name) not in ("", None) and name not in estimated}

    def check(self, instance, exclude):
        require_to_save(self.by, instance)
        check_patient(patient=instance, exclude=exclude)
        if self.before and not self.is_meant(compare(self.before, person_of(instance))):
            text = _(
                "This is the number of %(patient)s. To change that record, the file has to bring the name or "
                "the date of birth as they are there."
            )
            raise ValidationError({"mrn": text % {"patient": f"{self.before.full_name} ({instance.mrn})"}})

    def is_meant(self, likeness: Likeness) -> bool:
        """Whether the file names the patient whose number it has, or their birth date."""
        if "full_name" in self.told and likeness.name in SAME_NAMES:
            return True
        if "date_of_birth" not in self.told or likeness.born not in (DateFit.SAME, DateFit.BOTH_UNKNOWN):
            return False
        return likeness.born is DateFit.SAME or likeness.name is not NameFit.OTHER

    def fits(self, column, cells):
        return column != "mrn" or all(map(OWN_NUMBER.fullmatch, cells))

    def alike(self, rows):
        people = [person_of(row.instance) for row in rows]
        there = similar_to_each(people=people, by=self.by)
        earlier = [self.rows_of_file(found, rows) for found in repeated(people)]
        matches = [[Alike(str(each), each.likeness.is_evident, False) for each in found] for found in there]
        return [[*one, *other] for one, other in zip(matches, earlier, strict=True)]

    def rows_of_file(self, found: dict[int, Likeness], rows) -> Iterator[Alike]:
        for place, likeness in found.items():
            said = {"name": rows[place].instance.full_name, "number": rows[place].number}
            text = _("%(name)s in row %(number)s of this file: %(reasons)s")
            reasons = "; ".join(likeness.reasons)
            yield Alike(text % (said | {"reasons": reasons}), likeness.is_evident, True)

    def save_new(self, instances):
        particulars = [Particulars(**self.imported(instance)) for instance in instances]
        saved = register_patients(particulars=particulars, by=self.by)
        for instance, patient in zip(instances, saved, strict=True):
            instance.pk, instance.mrn = patient.pk, patient.mrn

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
            said = {"names": ", ".join(unknown), "known": ", ".join(Role.values)}
            raise ValueError(_("There is no role %(names)s. The roles are: %(known)s.") % said)
        return [Role(name) for name in names]

    def render(self, value, obj=None, **kwargs):  # noqa: ARG002 - the library's signature
        return ",".join(sorted(value or ()))


class UserResource(ServiceResource):
    """One login per row, identified by its e-mail address. Passwords are neither imported nor exported."""

    roles = Field("role_names", column_name="roles", widget=RolesWidget())
    key = "email"
    examples = {"email": "meena.iyer@hospital.example", "full_name": "Meena Iyer", "roles": "nurse"}

    class Meta(ServiceResource.Meta):
        model = User
        import_id_fields = ["email"]
        fields = export_order = ("email", "full_name", "phone", "roles", "is_active")

    def get_queryset(self):
        return super().get_queryset().prefetch_related("groups")

    def with_key(self, text: str) -> Q:
        return Q(email=tidy_email(text))

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if field.column_name != "roles":
            super().import_field(field, instance, row, is_m2m, **kwargs)
        elif row.get("roles"):
            self.wanted[field.column_name] = instance.wanted_roles = field.clean(row)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        wanted = getattr(instance, "wanted_roles", None)
        if wanted is not None and set(wanted) != original_roles(original):
            return False
        return super().skip_row(instance, original, row, import_validation_errors)

    def check(self, instance, exclude):
        require_to_save(self.by, instance)
        instance.email = tidy_email(instance.email)
        instance.full_clean(exclude={"password", *exclude})
        if instance.is_superuser and not self.by.is_superuser:
            raise SuperuserOnly
        wanted, is_own = getattr(instance, "wanted_roles", None), instance.pk == self.by.pk
        if wanted is not None and not self.by.has_perm("accounts.assign_roles"):
            raise RolesNotYours
        if wanted is not None and roles_to_approve(instance, wanted):
            raise RoleNeedsTwo
        if is_own and not instance.is_active:
            raise OwnLogin
        if is_own and wanted is not None and Role.ADMINISTRATOR in self.by.role_names - set(wanted):
            raise OwnAdministratorRole

    def do_instance_save(self, instance, is_create):
        wanted = getattr(instance, "wanted_roles", None)
        values = {name: getattr(instance, name) for name in ("full_name", "phone")}
        if is_create:
            saved = register_login(by=self.by, email=instance.email, roles=wanted or (), **values)
            instance.pk = saved.pk
            if not instance.is_active:
                update_login(user=saved, by=self.by, is_active=False)
        else:
            update_login(user=instance, by=self.by, is_active=instance.is_active, **values)
            if wanted is not None:
                set_roles(user=instance, roles=wanted, by=self.by)


def original_roles(user: User) -> set[str]:
    return user.role_names if user.pk else set()
