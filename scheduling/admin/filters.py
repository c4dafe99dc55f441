from datetime import date, timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.days import local_day
from scheduling.availability import outside_hours
from scheduling.branch_choice import ALL, BranchChoice
from scheduling.moments import parse_day

SOON_DAYS = (30, 90)
LOOK_AT_ANY_DAY = ("q", "outside_hours")
LEFT_OUT = ("when", "counted", "p", "e")  # parameters that a change of the day drops


class RegistrationFilter(admin.SimpleListFilter):
    """Doctors whose registration has expired or expires soon."""

    title = _("registration")
    parameter_name = "registration"

    def lookups(self, request, model_admin):  # noqa: ARG002
        soon = [(str(days), _("Expires within %d days") % days) for days in SOON_DAYS]
        return [("expired", _("Expired")), *soon]

    def queryset(self, request, queryset):  # noqa: ARG002
        today = timezone.localdate()
        if self.value() == "expired":
            return queryset.filter(registration_expires_on__lt=today)
        if self.value() in map(str, SOON_DAYS):
            last = today + timedelta(days=int(self.value()))
            return queryset.filter(registration_expires_on__gte=today, registration_expires_on__lte=last)
        return queryset


class OutsideHoursFilter(admin.SimpleListFilter):
    """Coming appointments outside their doctor's working hours, on any day."""

    title = _("outside working hours")
    parameter_name = "outside_hours"

    def lookups(self, request, model_admin):  # noqa: ARG002
        return [("yes", _("Outside working hours"))]

    def queryset(self, request, queryset):  # noqa: ARG002
        return queryset.filter(pk__in=outside_hours(queryset)) if self.value() == "yes" else queryset


class BranchFilter(admin.SimpleListFilter):
    """The person's own branches by default; others on request, and all of them when searching."""

    title = _("branch")
    parameter_name = "branch"

    def lookups(self, request, model_admin):  # noqa: ARG002
        self.choice = BranchChoice.of(request)
        self.is_search = any(request.GET.get(name) for name in LOOK_AT_ANY_DAY)
        return self.choice.options

    @property
    def shown(self) -> str:
        return ALL if self.is_search and not self.choice.asked else self.choice.value

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == self.shown, "query_string": query, "display": label}

    def queryset(self, request, queryset):  # noqa: ARG002
        return queryset if self.shown == ALL else queryset.at_branches(self.choice.ids)


class DayFilter(admin.SimpleListFilter):
    """Today's appointments by default; other days on request, and any day when searching."""

    title = _("day")
    parameter_name = "when"
    template = "admin/scheduling/day_filter.html"
    ANY = "any"
    # first and last day, counted from today
    SPANS = {"tomorrow": (1, 1), "next7": (0, 6), "last7": (-7, -1)}

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.is_search = any(request.GET.get(name) for name in LOOK_AT_ANY_DAY)
        kept = ((name, value) for name, value in request.GET.items() if name not in LEFT_OUT)
        self.kept = list(kept)

    def lookups(self, request, model_admin):  # noqa: ARG002
        return [
            ("tomorrow", _("Tomorrow")),
            ("next7", _("The next 7 days")),
            ("last7", _("The last 7 days")),
            (self.ANY, _("Any day")),
        ]

    def choices(self, changelist):
        choices = super().choices(changelist)
        first = next(choices)
        yield {**first, "display": _("Any day (search)") if self.is_search else _("Today")}
        yield from choices

    @property
    def chosen_day(self) -> date | None:
        return parse_day(self.value() or "")

    def queryset(self, request, queryset):  # noqa: ARG002
        today = timezone.localdate()
        asked = self.value()
        if asked == self.ANY or (asked is None and self.is_search):
            return queryset
        if day := self.chosen_day:
            return queryset.on_day(day)
        if asked not in self.SPANS:
            return queryset.of_today()
        first, last = self.SPANS[asked]
        start = local_day(today + timedelta(days=first))[0]
        end = local_day(today + timedelta(days=last))[1]
        return queryset.filter(starts_at__gte=start, starts_at__lt=end)
