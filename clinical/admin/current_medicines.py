from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clinical.admin.listed import RecordAdmin
from clinical.models import CurrentMedicine
from clinical.services import (
    mark_current_medicine_as_error,
    record_current_medicine,
    stop_current_medicine,
)
from clinical.statuses import CurrentMedicineStatus

RECORDED = ("medicine", "name", "dosage", "since", "source")


class RecordCurrentMedicineForm(forms.ModelForm):
    class Meta:
        model = CurrentMedicine
        fields = ("patient", *RECORDED)


class EndCurrentMedicineForm(forms.ModelForm):
    """Changes the status; the rest of the row stays as it was recorded."""

    relies_on = ("status", "status_reason")

    becomes = forms.ChoiceField(label=_("Change the status to"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    class Meta:
        model = CurrentMedicine
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = CurrentMedicineStatus.STEPS[self.instance.status] if self.instance.pk else ()
        steps = [(status.value, status.label) for status in CurrentMedicineStatus if status in allowed]
        self.fields["becomes"].choices = [("", "---------"), *steps]


@admin.register(CurrentMedicine)
class CurrentMedicineAdmin(RecordAdmin):
    """What the patients of a doctor or nurse take; only the status can be changed."""

    list_display = ["patient", "__str__", "dosage", "since", "source", "status"]
    list_filter = ["status", "source"]
    list_select_related = ["patient", "medicine"]
    autocomplete_fields = ["patient", "medicine"]

    def has_change_permission(self, request, obj=None):
        """A row entered in error cannot be changed."""
        is_open = obj is None or bool(CurrentMedicineStatus.STEPS[obj.status])
        return is_open and super().has_change_permission(request, obj)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["patient", *RECORDED]
        boxes = ["becomes", "reason"] if self.has_change_permission(request, obj) else []
        return [*self.get_readonly_fields(request, obj), *boxes]

    def get_readonly_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        if obj is None:
            return []
        return ["patient", *RECORDED, "status", "status_reason", "stopped_on", "recorded_by", "recorded_at"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = EndCurrentMedicineForm if obj else RecordCurrentMedicineForm
        return super().get_form(request, obj, change=change, **kwargs | {"form": form})

    def save_with_service(self, request, obj, form):
        saved = _saved(obj, form.cleaned_data, by=request.user)
        obj.pk = saved.pk
        obj.refresh_from_db()


def _saved(current: CurrentMedicine, filled_in: dict, *, by) -> CurrentMedicine:
    if current.pk is None:
        what = {name: filled_in[name] for name in RECORDED}
        return record_current_medicine(patient=current.patient, **what, by=by)
    if filled_in["becomes"] == CurrentMedicineStatus.STOPPED:
        return stop_current_medicine(current=current, reason=filled_in["reason"], by=by)
    return mark_current_medicine_as_error(current=current, reason=filled_in["reason"], by=by)
