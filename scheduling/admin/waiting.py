"""The waiting list and the offers for the front desk."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.reading.history import HistoryMixin
from hms.core.admin import MatchingMixin, NoDeleteMixin, ReadOnlyAdmin, ServiceAdmin, VisibleToMixin
from hms.core.admin_conflicts import StepActionsMixin
from scheduling.forms.waiting import require_days_and_hours_in_order
from scheduling.link_codes import with_end_of_care
from scheduling.models import Department, Offer, WaitingListEntry
from scheduling.offer_links import link_to_offer
from scheduling.services import change_entry, join_waiting_list, leave_waiting_list
from scheduling.services.waiting import places_of
from scheduling.statuses import WaitingStatus

WHOM = ("patient", "doctor", "department")


class EntryForm(forms.ModelForm):
    def clean(self):
        require_days_and_hours_in_order(self)
        doctor, department = map(self.cleaned_data.get, ("doctor", "department"))
        if "doctor" in self.fields and bool(doctor) == bool(department) and not self.errors:
            self.add_error("department", _("Choose a doctor or a department."))
        return super().clean()


class WaitingFilter(admin.SimpleListFilter):
    """Those who wait by default; all, or one way in which the waiting ended, on request."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):  # noqa: ARG002
        return [("all", _("All")), *WaitingStatus.choices]

    def choices(self, changelist):
        chosen = self.value() or WaitingStatus.WAITING
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": query, "display": label}

    def queryset(self, request, queryset):  # noqa: ARG002
        chosen = self.value() or WaitingStatus.WAITING
        return queryset.filter(status=chosen) if chosen in WaitingStatus.values else queryset


class DepartmentFilter(admin.SimpleListFilter):
    """Those who wait for any doctor of the department, and for one of them."""

    title = _("department")
    parameter_name = "department"

    def lookups(self, request, model_admin):  # noqa: ARG002
        return [(row.slug, row.name) for row in Department.objects.order_by("name")]

    def queryset(self, request, queryset):  # noqa: ARG002
        if not (slug := self.value()):
            return queryset
        return queryset.filter(Q(department__slug=slug) | Q(doctor__department__slug=slug))


@admin.register(WaitingListEntry)
class WaitingListEntryAdmin(
    HistoryMixin, NoDeleteMixin, StepActionsMixin, MatchingMixin, VisibleToMixin, ServiceAdmin
):
    """Who waits, in the order in which times are offered."""

    form = EntryForm
    list_display = ["patient", "whom", "first_day", "last_day", "urgency", "joined_at", "state"]
    list_filter = [WaitingFilter, "urgency", DepartmentFilter]
    list_select_related = ["patient", "doctor", "department"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # see MatchingMixin
    search_help_text = _("Patient number, telephone number or beginning of a name")
    sortable_by = []
    ordering = ["-urgency", "joined_at", "last_day", "pk"]
    autocomplete_fields = ["patient", "doctor", "department"]
    actions = ["take_off_selected"]
    fields = [
        *WHOM,
        "urgency",
        ("first_day", "last_day"),
        ("earliest", "latest"),
        ("branch", "mode", "visit_kind"),
        ("state", "joined_at", "added_by"),
    ]
    readonly_fields = ["state", "joined_at", "added_by"]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002
        return [*WHOM, *self.readonly_fields] if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None):
        is_over = obj is not None and obj.status != WaitingStatus.WAITING
        return super().has_change_permission(request, obj) and not is_over

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        service = change_entry if obj.pk else join_waiting_list
        service(entry=obj, by=request.user)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Waiting list")} | (extra_context or {}))

    def get_list_display(self, request):
        places: dict[int, int] = {}

        @admin.display(description=_("place"))
        def place(entry):
            if not places:
                places.update(places_of(list(WaitingListEntry.objects.visible_to(request.user).waiting())))
            return places.get(entry.pk, "")

        return [*self.list_display, place]

    @admin.display(description=_("waits for"))
    def whom(self, entry):
        return entry.whom_for

    @admin.display(description=_("status"))
    def state(self, entry):
        return entry.get_status_display()

    def name_of(self, row) -> str:
        return str(row.patient)

    @admin.action(description=_("Take off the list"), permissions=["change"])
    def take_off_selected(self, request, queryset):
        def take(entry):
            return leave_waiting_list(entry=entry, by=request.user)

        taken = self.take_steps(request, queryset.for_list(), WaitingStatus.LEFT, take)
        done = ngettext("%d patient taken off the list.", "%d patients taken off the list.", taken.done)
        self.tell(request, taken, done % taken.done)


class OfferFilter(admin.SimpleListFilter):
    """What the desk has to do comes first."""

    title = _("to do")
    parameter_name = "show"
    KINDS = {"call": _("To call"), "open": _("Not settled"), "all": _("All")}

    def lookups(self, request, model_admin):  # noqa: ARG002
        return list(self.KINDS.items())

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": (self.value() or "open") == value, "query_string": query, "display": label}

    def queryset(self, request, queryset):  # noqa: ARG002
        if self.value() == "call":
            return queryset.to_call()
        return queryset if self.value() == "all" else queryset.open()


@admin.register(Offer)
class OfferAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """Offered times; a visit outside working hours stays here until it has another time or is cancelled."""

    list_display = ["patient", "phone", "visit", "offered", "state", "answer"]
    list_filter = [OfferFilter]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # see MatchingMixin
    search_help_text = _("Patient number, telephone number or beginning of a name")
    sortable_by = []
    ordering = ["displaced__starts_at", "made_at", "pk"]
    fields = [
        "patient",
        "phone",
        "visit",
        "offered",
        "state",
        "made_at",
        "settled_at",
        "settled_by",
        "answer",
    ]
    readonly_fields = fields

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Offered times")} | (extra_context or {}))

    def get_queryset(self, request):
        rows = super().get_queryset(request).for_list().select_related("settled_by")
        return with_end_of_care(rows)

    @admin.display(description=_("telephone"))
    def phone(self, offer):
        phone = offer.patient.phone
        return format_html('<a href="{}">{}</a>', phone.as_rfc3966, phone.as_international) if phone else ""

    @admin.display(description=_("visit outside working hours"))
    def visit(self, offer):
        return _in_words(offer.displaced)

    @admin.display(description=_("offered time"))
    def offered(self, offer):
        return _in_words(offer.hold)

    @admin.display(description=_("status"))
    def state(self, offer):
        if offer.can_be_taken:
            until = date_format(timezone.localtime(offer.hold.held_until), "j M, g:i A")
            return _("Open until %(until)s") % {"until": until}
        return offer.get_status_display()

    @admin.display(description=_("answer"))
    def answer(self, offer):
        """The page that the patient gets, on which the desk answers for them."""
        if offer.open_key is None:
            return ""
        said = _("Answer for %(patient)s") % {"patient": offer.patient.full_name}
        return format_html('<a href="{}">{}</a>', link_to_offer(offer), said)


def _in_words(appointment) -> str:
    if appointment is None:
        return ""
    when = date_format(timezone.localtime(appointment.starts_at), "D j M, g:i A")
    return f"{when}, {appointment.doctor.full_name}"
