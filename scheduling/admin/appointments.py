from functools import partial

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.reading.history import HistoryMixin
from hms.core.admin import ReadOnlyAdmin, VisibleToMixin
from hms.core.admin_conflicts import StepActionsMixin
from scheduling.admin.booking import book
from scheduling.admin.changes import CHANGES, change_appointment, offered_changes
from scheduling.admin.day_steps import DAY_STEPS, offered_steps, take_step
from scheduling.admin.desk import show_desk
from scheduling.admin.filters import BranchFilter, DayFilter, OutsideHoursFilter
from scheduling.admin.search import appointments_matching
from scheduling.forms.changes import DayStepForm
from scheduling.forms.staff_booking import CancelSelectedForm
from scheduling.history import steps_of
from scheduling.models import Appointment
from scheduling.own import reads_symptoms
from scheduling.queues.links import page_of
from scheduling.services import cancel_appointment, check_in, mark_no_show
from scheduling.services.no_show import no_show_risks
from scheduling.services.permissions import may_change_bookings, reads_desk_note
from scheduling.statuses import HERE, AppointmentStatus, VisitMode


@admin.register(Appointment)
class AppointmentAdmin(HistoryMixin, StepActionsMixin, VisibleToMixin, ReadOnlyAdmin):
    """Read-only appointments; buttons call the services that change them."""

    step_form = DayStepForm

    list_display = ["time", "patient_name", "doctor", "state", "token", "reference"]
    list_display_links = ["time", "patient_name"]
    list_filter = [
        DayFilter,
        OutsideHoursFilter,
        "status",
        "doctor__department",
        BranchFilter,
        "source",
        "doctor",
    ]
    list_select_related = ["patient", "doctor__department", "branch"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # see get_search_results
    search_help_text = _("Reference, patient number, telephone number or beginning of a name")
    sortable_by = ["time", "state", "token"]
    actions = ["check_in_selected", "mark_selected_as_no_show", "cancel_selected"]
    change_form_template = "admin/scheduling/show_appointment.html"
    change_list_template = "admin/scheduling/list_appointments.html"
    view_on_site = False
    fieldsets = [
        (None, {"fields": ["reference", "branch", "how"]}),
        (_("Booking"), {"fields": ["source", "booked_by", "created_at", "booked_at", "coming_at"]}),
        (_("Visit"), {"fields": ["arrived_at", "started_at", "ended_at"]}),
    ]

    def has_add_permission(self, request):
        return may_change_bookings(request.user)

    def get_ordering(self, request):
        """Earliest first; latest first when past appointments are shown."""
        default = DayFilter.ANY if request.GET.get("q") else ""
        looks_back = request.GET.get("when", default) in (DayFilter.ANY, "last7")
        return ["-starts_at", "-pk"] if looks_back else ["starts_at", "pk"]

    def get_fieldsets(self, request, obj=None):
        reasons = ("overbooking_reason", "cancellation_reason")
        given = [name for name in reasons if obj and getattr(obj, name)]
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj and self.shows_private_values(request, obj):
            fieldsets.insert(0, (None, {"fields": ["symptoms"]}))
        left = [name for name in ("asked_of_desk", "desk_note") if obj and getattr(obj, name)]
        if left and reads_desk_note(request.user, obj):
            fieldsets.insert(0, (None, {"fields": left}))
        return [*fieldsets, (_("Reasons"), {"fields": given})] if given else fieldsets

    def shows_private_values(self, request, obj):
        return reads_symptoms(request.user, obj)

    def get_readonly_fields(self, request, obj=None):
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def get_search_results(self, request, queryset, search_term):  # noqa: ARG002
        return appointments_matching(queryset, search_term), False

    @admin.display(description=_("time"), ordering="starts_at")
    def time(self, appointment):
        starts_at = timezone.localtime(appointment.starts_at)
        is_this_year = starts_at.year == timezone.localdate().year
        return date_format(starts_at, "D j M, g:i A" if is_this_year else "j M Y, g:i A")

    @admin.display(description=_("patient"))
    def patient_name(self, appointment):
        return str(appointment.patient)

    @admin.display(description=_("status"), ordering="status")
    def state(self, appointment):
        return appointment.get_status_display()

    @admin.display(description=_("mode"))
    def how(self, appointment):
        mode = VisitMode(appointment.mode).label
        if appointment.visit_kind:
            mode = f"{appointment.get_visit_kind_display()}, {mode}"
        return _("%(mode)s, %(minutes)d minutes") % {"mode": mode, "minutes": appointment.minutes}

    # --- pages

    def get_urls(self):
        def page(view, **fixed):
            def opened(request, **kwargs):
                return view(self, request, **kwargs, **fixed)

            return self.admin_site.admin_view(opened)

        own = [path("desk/", page(show_desk), name="scheduling_appointment_desk")]
        for views, view in ((DAY_STEPS, take_step), (CHANGES, change_appointment)):
            for name in views:
                address = f"<path:object_id>/{name}/"
                url_name = f"scheduling_appointment_{name}"
                own.append(path(address, page(view, name=name), name=url_name))
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        title = {"title": self.opts.verbose_name_plural.capitalize()}
        return super().changelist_view(request, title | (extra_context or {}))

    def add_view(self, request, form_url="", extra_context=None):  # noqa: ARG002
        return book(self, request)

    def render_change_form(self, request, context, obj=None, **kwargs):
        user = request.user
        context |= {
            "steps": offered_steps(user, obj),
            "changes": offered_changes(user, obj),
            "history": steps_of(obj),
            "queue_page": page_of(obj) if obj.status in HERE else "",
            "no_show_risk": no_show_risks([obj], by=user).get(obj.pk),
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)

    # --- for several at once

    def get_actions(self, request):
        """Only actions that the person may also take on a single appointment."""
        actions = super().get_actions(request)
        user = request.user
        offered = {
            "check_in_selected": user.has_perm("scheduling.check_in"),
            "mark_selected_as_no_show": user.has_perm("scheduling.check_in"),
            "cancel_selected": may_change_bookings(user),
        }
        return {name: action for name, action in actions.items() if offered.get(name)}

    @admin.action(description=_("Check in"))
    def check_in_selected(self, request, queryset):
        self.do_each(request, queryset, AppointmentStatus.ARRIVED, check_in)

    @admin.action(description=_("Mark as no-show"))
    def mark_selected_as_no_show(self, request, queryset):
        self.do_each(request, queryset, AppointmentStatus.NO_SHOW, mark_no_show)

    @admin.action(description=_("Cancel"))
    def cancel_selected(self, request, queryset):
        """Asks for the reason on a page that shows the appointments as they are now."""
        form = CancelSelectedForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            cancel = partial(cancel_appointment, **form.cleaned_data)
            return self.do_each(request, queryset, AppointmentStatus.CANCELLED, cancel)
        rows = [(appointment, self.shown(appointment)) for appointment in queryset.for_list()]
        page = {"title": _("Cancel appointments"), "opts": self.opts, "form": form, "rows": rows}
        page |= self.admin_site.each_context(request) | {"appointments": [row for row, _shown in rows]}
        return TemplateResponse(request, "admin/scheduling/cancel_selected.html", page)

    def name_of(self, row) -> str:
        return str(row.patient)

    def do_each(self, request, queryset, to: AppointmentStatus, service) -> None:
        def take(appointment):
            return service(appointment=appointment, by=request.user)

        taken = self.take_steps(request, queryset.for_list(), to, take)
        done = ngettext("%d appointment changed.", "%d appointments changed.", taken.done) % taken.done
        self.tell(request, taken, done)
