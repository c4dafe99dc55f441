"""What doctors keep for themselves, or as heads for their departments, whose other doctors read it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import OrderSet, Phrase, PrescriptionTemplate
from clinical.services import save_order_set, save_phrase
from clinical.services.prescription_templates import save_prescription_template
from hms.core.admin import NoDeleteMixin, ServiceAdmin
from scheduling.models import Department, Doctor


class KeptAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    """`fields` ends with the department, which only a head chooses."""

    list_filter = ["is_active"]
    list_select_related = ["department"]

    def get_queryset(self, request):
        return super().get_queryset(request).readable_by(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_kept_by(request.user))

    def get_fields(self, request, obj=None):
        is_shared = obj is not None and obj.department_id
        return self.fields if is_shared or headed_by(request.user).exists() else self.fields[:-1]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "department":
            kwargs |= {"queryset": headed_by(request.user), "empty_label": _("Only you")}
        elif db_field.name == "template":
            kwargs["queryset"] = PrescriptionTemplate.objects.readable_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        obj.doctor = None if obj.department_id else Doctor.objects.filter(user=request.user).first()
        self.save_kept(obj, by=request.user)

    def save_kept(self, row, *, by):
        raise NotImplementedError

    @admin.display(description=_("for"), ordering="department")
    def whose(self, row):
        return row.whose


def headed_by(user):
    return Department.objects.filter(head__user=user)


@admin.register(Phrase)
class PhraseAdmin(KeptAdmin):
    list_display = ["__str__", "text", "whose", "is_active"]
    search_fields = ["abbreviation", "text"]
    fields = ["abbreviation", "text", "is_active", "department"]

    def save_kept(self, row, *, by):
        save_phrase(phrase=row, by=by)


@admin.register(OrderSet)
class OrderSetAdmin(KeptAdmin):
    list_display = ["name", "test_lines", "template", "follow_up_days", "whose", "is_active"]
    list_select_related = ["department", "template"]
    search_fields = ["name"]
    fields = ["name", "template", "test_lines", "advice", "follow_up_days", "is_active", "department"]

    def save_kept(self, row, *, by):
        save_order_set(order_set=row, by=by)


@admin.register(PrescriptionTemplate)
class PrescriptionTemplateAdmin(KeptAdmin):
    list_display = ["name", "whose", "is_active"]
    search_fields = ["name"]
    fields = ["name", "lines", "is_active", "department"]

    def save_kept(self, row, *, by):
        save_prescription_template(template=row, by=by)
