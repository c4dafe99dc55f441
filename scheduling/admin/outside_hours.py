"""Shows staff which appointments a change puts outside working hours; they confirm before it is saved."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from hms.core.admin import Refused
from scheduling.admin.directory import DirectoryAdmin
from scheduling.querysets import AppointmentQuerySet
from scheduling.services import ChangeOfHours, begin_cascade
from scheduling.services.outside_hours import fingerprint_of_affected

SHOWN = 50


class PutsOutsideHours(ValidationError):
    """The change is valid, but puts booked appointments outside working hours."""

    def __init__(self, outside: AppointmentQuerySet, user, row):
        said = ngettext_lazy(
            "%(count)d patient would be outside working hours. Nothing has been saved yet.",
            "%(count)d patients would be outside working hours. Nothing has been saved yet.",
            "count",
        )
        super().__init__(said, code="puts_outside_hours", params={"count": len(outside)})
        self.row = str(row)
        self.count = len(outside)
        self.fingerprint = fingerprint_of_affected(outside)
        self.appointments = list(outside.visible_to(user)[:SHOWN])
        self.not_shown = self.count - len(self.appointments)


class HoursAdmin(DirectoryAdmin):
    """A row that affects working hours; a change that puts bookings outside them needs confirmation."""

    change_form_template = "admin/scheduling/change_hours.html"

    def save_model(self, request, obj, form, change):
        request.change_of_hours = ChangeOfHours(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.require_confirmation(request, request.change_of_hours, form.instance)

    def delete_model(self, request, obj):
        change, name = ChangeOfHours(obj), str(obj)
        super().delete_model(request, obj)
        if isinstance(obj, self.model):  # inline rows are checked with the form, after everything is saved
            self.require_confirmation(request, change, name)

    def require_confirmation(self, request, change: ChangeOfHours, row) -> None:
        """Undo the save unless no appointment is affected, or exactly these were shown and confirmed."""
        outside = change.newly_outside_hours()
        if request.POST.get("_breaks", "") != fingerprint_of_affected(outside):
            raise Refused(PutsOutsideHours(outside, request.user, row))
        if outside:
            begin_cascade(appointments=outside, by=request.user)
            self.tell_what_is_sought(request, len(outside))

    def tell_what_is_sought(self, request, count: int) -> None:
        """Those who may see the offers are led to them, not to moving the visits by hand meanwhile."""
        said = ngettext(
            "Another time is sought for %(count)d patient, who is then asked.",
            "Another time is sought for %(count)d patients, who are then asked.",
            count,
        ) % {"count": count}
        if request.user.has_perm("scheduling.view_offer"):
            link = reverse("admin:scheduling_offer_changelist")
            said = format_html('{} <a href="{}">{}</a>', said, link, _("Offered times"))
        self.message_user(request, said, messages.WARNING)

    def warn_who_is_outside(self, request, count: int) -> None:
        said = ngettext(
            "%(count)d upcoming appointment is outside working hours. An import seeks no other time.",
            "%(count)d upcoming appointments are outside working hours. An import seeks no other times.",
            count,
        ) % {"count": count}
        link = reverse("admin:scheduling_appointment_changelist") + "?outside_hours=yes"
        linked = format_html('{} <a href="{}">{}</a>', said, link, _("Move or cancel them"))
        self.message_user(request, linked, messages.WARNING)

    def render_change_form(self, request, context, **kwargs):
        refused = getattr(request, "refusal", None)
        if refused is not None and isinstance(refused.error, PutsOutsideHours):
            context |= {"breaks": refused.error, "files": bool(request.FILES)}
        return super().render_change_form(request, context, **kwargs)

    def show_refusal(self, request, error):
        if not isinstance(error, PutsOutsideHours):
            return super().show_refusal(request, error)
        page = self.admin_site.each_context(request) | {
            "title": _("Delete"),
            "subtitle": error.row,
            "opts": self.opts,
            "breaks": error,
        }
        return TemplateResponse(request, "admin/scheduling/delete_hours.html", page)
