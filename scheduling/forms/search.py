from datetime import timedelta
from functools import cached_property

from django import forms
from django.conf import settings
from django.db.models import DateField, QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.core.prepared import PreparedQuery
from scheduling.finding.doctors import Search, search_doctors
from scheduling.finding.lexicon import LANGUAGES, Words
from scheduling.forms.styled import TOO_LONG, StyledForm
from scheduling.models import Department, Doctor
from scheduling.places import AskedPlace, open_branches
from scheduling.statuses import VisitMode

SORTS = {
    "next": [],  # by the first free time, which the database does not know
    "name": ["full_name", "pk"],
    "fee": ["fee", "full_name", "pk"],
    "experience": ["practising_since", "full_name", "pk"],
}


# The box of the search asks for suggestions while somebody types; what is typed is in no address.
SUGGESTS = {
    "list": "doctor-words",
    "autocomplete": "off",
    "hx-post": reverse_lazy("scheduling:suggest-doctors"),
    "hx-trigger": "input changed delay:250ms",
    "hx-target": "#doctor-words",
    "hx-swap": "innerHTML",
    "hx-push-url": "false",
    "hx-params": "q",
    "hx-sync": "this:replace",
}
SPECIALIZATIONS = PreparedQuery(
    lambda parameter: (
        Doctor.objects.bookable(parameter("day", DateField()))
        .order_by("specialization__name")
        .values_list("specialization__name")
        .distinct()
    )
)
DEPARTMENTS = PreparedQuery(
    lambda _parameter: Department.objects.filter(is_active=True).values_list("slug", "name")
)


def specializations() -> list[tuple[str, str]]:
    return [(name, name) for (name,) in SPECIALIZATIONS.rows(day=timezone.localdate())]


class DoctorSearchForm(StyledForm):
    """The filters of the doctor list; an invalid filter shows its error and is ignored."""

    q = forms.CharField(
        label=_("Name, speciality or complaint"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs=SUGGESTS),
        error_messages={"max_length": TOO_LONG},
    )
    department = forms.ChoiceField(
        label=_("Department"),
        required=False,
        error_messages={"invalid_choice": _("There is no such department.")},
    )
    branch = forms.ChoiceField(
        label=_("Branch"),
        required=False,
        error_messages={"invalid_choice": _("There is no such branch.")},
    )
    mode = forms.ChoiceField(
        label=_("Visit"),
        required=False,
        choices=[("", _("In person or by video call")), *VisitMode.choices],
        error_messages={"invalid_choice": _("Choose in person or by video call.")},
    )
    day = forms.DateField(
        label=_("Free on"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date, for example 2026-12-31.")},
    )
    specialization = forms.ChoiceField(
        label=_("Speciality"),
        required=False,
        error_messages={"invalid_choice": _("No doctor here has this speciality.")},
    )
    language = forms.ChoiceField(
        label=_("Speaks"),
        required=False,
        error_messages={"invalid_choice": _("This language is not on our list.")},
    )
    fee = forms.DecimalField(
        label=_("Fee up to (₹)"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Enter the fee as a number, for example 800."),
            "min_value": _("The fee must be 0 or more."),
        },
    )
    gender = forms.ChoiceField(
        label=_("The doctor is"),
        required=False,
        choices=[("", _("a woman or a man")), ("female", _("a woman")), ("male", _("a man"))],
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("next", _("Soonest free time")),
            ("fee", _("Lowest fee")),
            ("experience", _("Most experience")),
            ("name", _("Name")),
        ],
        error_messages={"invalid_choice": _("The list cannot be sorted that way.")},
    )
    page = forms.IntegerField(
        required=False,
        min_value=1,
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("That page does not exist. This is the first page."),
            "min_value": _("That page does not exist. This is the first page."),
        },
    )

    # Always shown; the others are in the part that unfolds.
    FIRST = ("q", "department", "day")
    MORE = ("branch", "mode", "specialization", "language", "fee", "gender", "sort")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", _("All departments")), *DEPARTMENTS.rows()]
        self.branches = {branch.code: branch for branch in open_branches()}
        names = [(code, branch.name) for code, branch in self.branches.items()]
        self.fields["branch"].choices = [("", _("All branches")), *names]
        self.languages = LANGUAGES.rows()
        self.fields["language"].choices = [("", _("Any language")), *self.languages]
        self.fields["specialization"].choices = [("", _("All specialities")), *specializations()]
        today = timezone.localdate()
        self.fields["day"].widget.attrs |= {
            "min": today.isoformat(),
            "max": self.last_day(today).isoformat(),
        }

    @staticmethod
    def last_day(today):
        return today + timedelta(days=settings.BOOKING["horizon_days"])

    def clean_day(self):
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day and day < today:
            raise forms.ValidationError(_("This day has passed. Choose today or later."), code="past")
        if day and day > self.last_day(today):
            raise forms.ValidationError(
                _("Bookings are open for the next %(days)d days only."),
                code="beyond_horizon",
                params={"days": settings.BOOKING["horizon_days"]},
            )
        return day

    @property
    def sort_by(self) -> str:
        return self.cleaned_data.get("sort") or "next"

    @property
    def narrows(self) -> bool:
        """Whether any filter leaves doctors out, but for the day, which the free times decide."""
        names = {*self.FIRST, *self.MORE} - {"day", "sort"}
        return any(self.cleaned_data.get(name) not in (None, "") for name in names)

    @property
    def asked(self) -> AskedPlace:
        given = self.cleaned_data
        return AskedPlace(self.branches.get(given.get("branch")), given.get("mode") or "")

    @cached_property
    def search(self) -> Search:
        """What the words of the search mean."""
        text = self.cleaned_data.get("q")
        if not text:
            return Search()
        today = timezone.localdate()
        words = Words(self.branches.values(), self.languages)
        return search_doctors(text, words, first=today, last=self.last_day(today))

    def doctors(self) -> QuerySet[Doctor]:
        """Doctors who can be booked and match every valid filter."""
        given = self.cleaned_data
        found = Doctor.objects.bookable().select_related("department")
        if place := self.asked.place:
            today = timezone.localdate()
            last_day = self.last_day(today)
            found = found.consulting_at(today, last_day, branches=place.branches, mode=place.mode)
        if self.search.doctors is not None:
            found = found.filter(pk__in=self.search.doctors)
        if given.get("department"):
            found = found.filter(department__slug=given["department"])
        if given.get("language"):
            found = found.filter(languages__code=given["language"])
        if given.get("fee") is not None:
            found = found.filter(fee__lte=given["fee"])
        if given.get("specialization"):
            found = found.filter(specialization__name=given["specialization"])
        if given.get("gender"):
            found = found.filter(gender=given["gender"])
        return found.order_by(*SORTS[self.sort_by])
