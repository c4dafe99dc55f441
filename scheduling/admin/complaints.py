from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hms.core.shipped import ShippedMixin
from scheduling.admin.directory import DirectoryAdmin
from scheduling.finding.lexicon import Words
from scheduling.models import Complaint, Discipline
from scheduling.services.complaints import save_complaint, save_discipline
from scheduling.services.shipped import add_shipped_words, not_in_list


class ShippedWordsMixin(ShippedMixin):
    def shipped(self):
        return not_in_list(self.model)

    def add_shipped(self, names, request):
        return add_shipped_words(model=self.model, names=names, by=request.user)


@admin.register(Discipline)
class DisciplineAdmin(ShippedWordsMixin, DirectoryAdmin):
    list_select_related = ["instead"]
    search_fields = ["name", "words"]
    fields = ["name", "words", "instead", "position", "doctors_here"]
    readonly_fields = ["doctors_here"]

    def get_list_display(self, request):  # noqa: ARG002
        words = Words()

        @admin.display(description=self.doctors_here.short_description)
        def doctors_here(discipline):
            return doctors_in_words(words, discipline)

        return ["name", "position", doctors_here, "instead"]

    @admin.display(description=_("doctors who can be booked"))
    def doctors_here(self, discipline):
        return doctors_in_words(Words(), discipline)

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_discipline(discipline=obj, by=request.user)


@admin.register(Complaint)
class ComplaintAdmin(ShippedWordsMixin, DirectoryAdmin):
    list_display = ["name", "urgency", "discipline", "position", "is_listed"]
    list_filter = ["urgency", "discipline", "is_listed"]
    list_select_related = ["discipline"]
    search_fields = ["name", "words"]
    fields = ["name", "words", "not_meant", "urgency", "discipline", ("position", "is_listed")]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_complaint(complaint=obj, by=request.user)


def doctors_in_words(words: Words, discipline: Discipline) -> str:
    """How many there are, and the departments and specializations whose names have its words."""
    doctors = words.doctors_of(discipline.pk)
    names = {name for each in doctors for name in (each.department, each.specialization)}
    known = sorted(name for name in names if discipline.pk in words.disciplines_of[name])
    return f"{len(doctors)}: {', '.join(known)}" if doctors else "0"
