from hashlib import sha256

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from scheduling.admin.directory import DirectoryAdmin
from scheduling.forms.staff_directory import ScheduleExceptionForm, WeeklyScheduleForm
from scheduling.models import ScheduleException, WeeklySchedule
from scheduling.services import affected_by, save_exception, save_weekly_schedule


@admin.register(WeeklySchedule)
class WeeklyScheduleAdmin(DirectoryAdmin):
    form = WeeklyScheduleForm
    list_display = [
        *("doctor", "weekday", "starts_at", "ends_at", "slot_minutes", "capacity", "mode"),
        *("branch", "valid_from", "valid_until"),
    ]
    list_filter = ["weekday", "branch", "mode", "doctor__department"]
    list_select_related = ["doctor", "branch"]
    search_fields = ["doctor__full_name"]
    autocomplete_fields = ["doctor"]
    ordering = ["doctor__full_name", "doctor", "weekday", "starts_at"]
    fields = [
        "doctor",
        ("weekday", "starts_at", "ends_at"),
        ("slot_minutes", "capacity", "mode"),
        "branch",
        ("valid_from", "valid_until"),
    ]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_weekly_schedule(schedule=obj, by=request.user)


class BreaksAppointments(ValidationError):
    """Nothing is wrong, but people are booked in the time that is to be closed."""

    def __init__(self, affected: QuerySet, user):
        said = ngettext_lazy(
            "%(count)d patient is booked in this time. Nothing has been saved yet.",
            "%(count)d patients are booked in this time. Nothing has been saved yet.",
            "count",
        )
        super().__init__(said, code="breaks_appointments", params={"count": len(affected)})
        self.count = len(affected)
        self.fingerprint = fingerprint(affected)
        self.appointments = list(affected.visible_to(user))


@admin.register(ScheduleException)
class ScheduleExceptionAdmin(DirectoryAdmin):
    """Leave, holidays and extra sessions; what a change breaks is shown before it is saved."""

    form = ScheduleExceptionForm
    list_display = ["kind", "whom", "starts_at", "ends_at", "reason"]
    list_display_links = ["kind", "whom"]
    list_filter = ["kind", "department", "starts_at"]
    list_select_related = ["doctor", "department"]
    search_fields = ["doctor__full_name", "department__name", "reason"]
    autocomplete_fields = ["doctor", "department"]
    change_form_template = "admin/scheduling/change_exception.html"
    fieldsets = [
        (None, {"fields": ["kind", "doctor", "department", "starts_at", "ends_at", "reason"]}),
        (_("Extra session"), {"fields": ["branch", ("slot_minutes", "capacity", "mode")]}),
    ]

    @admin.display(description=_("for"))
    def whom(self, exception):
        return exception.doctor or exception.department or _("everyone")

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        """Save what breaks nothing, or what was confirmed after exactly these people were shown."""
        affected = affected_by(obj)
        if request.POST.get("_breaks", "") != fingerprint(affected):
            raise BreaksAppointments(affected, request.user)
        save_exception(exception=obj, by=request.user)

    def render_change_form(self, request, context, **kwargs):
        refused = getattr(request, "refusal", None)
        if refused is not None and isinstance(refused.error, BreaksAppointments):
            context["breaks"] = refused.error
        return super().render_change_form(request, context, **kwargs)


def fingerprint(appointments: QuerySet) -> str:
    """Who is affected, in a word; empty where nobody is."""
    people = ",".join(f"{row.pk}@{row.starts_at.isoformat()}" for row in appointments)
    return sha256(people.encode()).hexdigest()[:32] if people else ""
