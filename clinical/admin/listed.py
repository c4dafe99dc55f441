"""The base of the staff site's lists that are kept for each patient."""

from django import forms
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Patient
from audit.reading.history import HistoryMixin
from clinical.models import ListedRecord
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, VisibleToMixin
from hms.core.buttons import way_back
from hms.core.states import statuses_of


class StatusForm(forms.ModelForm):
    """Changes the status; the rest of the row stays as it was recorded."""

    relies_on = ("status", "status_reason")

    becomes = forms.ChoiceField(label=_("Change the status to"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = steps_from(self.instance)
        steps = [choice for choice in self.instance._meta.get_field("status").choices if choice[0] in allowed]
        self.fields["becomes"].choices = [("", "---------"), *steps]


def steps_from(row: ListedRecord) -> frozenset:
    return statuses_of(row._meta.get_field("status")).STEPS[row.status]


class RecordAdmin(HistoryMixin, NoDeleteMixin, MatchingMixin, VisibleToMixin, ServiceAdmin):
    """Entries about patients; the address of a new one may name the patient and the page to return to."""

    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # shows the search box; `matching` of the queryset searches
    search_help_text = _("Patient number, phone, e-mail, or the beginning of a name")

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        if "patient" in initial:
            named = Patient.objects.visible_to(request.user).filter(mrn=initial["patient"])
            initial["patient"] = named.values_list("pk", flat=True).first()
        return initial

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(way_back(request, super().response_post_save_add(request, obj).url))


class ListedAdmin(RecordAdmin):
    """Entries of the patients whom a doctor or nurse treats; only the status can be changed.

    A subclass names the form that records an entry and the columns that show it afterwards.
    """

    record_form: type[forms.ModelForm]
    status_form: type[StatusForm] = StatusForm
    recorded: tuple[str, ...] = ()

    list_select_related = ["patient"]
    autocomplete_fields = ["patient"]

    @admin.display(description=_("recorded on"), ordering="recorded_at")
    def recorded_on(self, row):
        return date_format(timezone.localtime(row.recorded_at), "j M Y")

    def has_change_permission(self, request, obj=None):
        """A row without further steps, as one entered in error, cannot be changed."""
        is_open = obj is None or bool(steps_from(obj))
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        if obj is None:
            return list(self.record_form.base_fields)
        boxes = self.status_form.base_fields if self.has_change_permission(request, obj) else ()
        return [*self.get_readonly_fields(request, obj), *boxes]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        if obj is None:
            return []
        return ["patient", *self.shown(obj), "status", "status_reason", "recorded_by", "recorded_at"]

    def shown(self, row: ListedRecord) -> tuple[str, ...]:  # noqa: ARG002 - for subclasses
        """The columns that say what was recorded."""
        return self.recorded

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = self.status_form if obj else self.record_form
        return super().get_form(request, obj, change=change, **kwargs | {"form": form})

    def save_with_service(self, request, obj, form):
        write = self.record if obj.pk is None else self.reassess
        obj.pk = write(obj, form.cleaned_data, by=request.user).pk
        obj.refresh_from_db()

    def record(self, row: ListedRecord, filled_in: dict, *, by) -> ListedRecord:
        """Pass a new row, filled in from the form but not saved, to a service."""
        raise NotImplementedError

    def reassess(self, row: ListedRecord, filled_in: dict, *, by) -> ListedRecord:
        raise NotImplementedError
