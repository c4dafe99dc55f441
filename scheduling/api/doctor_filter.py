from datetime import date

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from hms.core.api.forms import refuse_like
from scheduling.availability import BookingTerms, offered_slots, terms_of
from scheduling.forms.search import DoctorSearchForm
from scheduling.models import Doctor
from scheduling.statuses import VisitMode

# What the form of the page calls them.
FORM_NAMES = {"available_on": "day", "max_fee": "fee", "ordering": "sort"}
ORDERINGS = [("name", "Name"), ("fee", "Lowest fee"), ("experience", "Most experience")]


class DoctorFilter(filters.FilterSet):
    """The filters of the page with the list of doctors, judged by its form."""

    q = filters.CharFilter(
        help_text="A name, speciality, complaint, department, language or place, as on the page."
    )
    department = filters.CharFilter(help_text="The `ref` of a department.")
    specialization = filters.CharFilter()
    language = filters.CharFilter(help_text="The code of a language that the doctor speaks.")
    max_fee = filters.NumberFilter()
    gender = filters.ChoiceFilter(choices=[("female", "Female"), ("male", "Male")])
    branch = filters.CharFilter(help_text="The code of a place where the doctor sees patients.")
    mode = filters.ChoiceFilter(choices=VisitMode.choices, help_text="Has hours of this kind.")
    available_on = filters.DateFilter(help_text="Has a free time on the day.")
    ordering = filters.ChoiceFilter(choices=ORDERINGS)

    class Meta:
        model = Doctor
        fields = []

    def filter_queryset(self, queryset) -> QuerySet[Doctor]:  # noqa: ARG002
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        form = DoctorSearchForm(
            {"sort": "name"} | {FORM_NAMES.get(name, name): value for name, value in given.items()}
        )
        refuse_like(form, {theirs: ours for ours, theirs in FORM_NAMES.items()})
        found = form.doctors()
        if day := given.get("available_on"):
            found = found.filter(pk__in=free_on(found, day, BookingTerms.for_patients().at(form.asked.place)))
        return found.select_related("specialization").prefetch_related("languages")


def free_on(doctors: QuerySet[Doctor], day: date, terms: BookingTerms) -> list[int]:
    return [pk for pk, slots in offered_slots(terms_of(doctors), day, day, terms=terms).items() if slots]
