"""Admin forms that explain at the field what the database constraints refuse."""

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.models import Doctor
from scheduling.statuses import ExceptionKind

ANOTHER_DOCTOR = _("Choose another doctor than the one on leave.")


def require_order(form: forms.Form, first: str, last: str) -> None:
    """Show an error at `last` unless it is after `first`."""
    start, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if start is not None and end is not None and end <= start:
        name = form.fields[first].label
        form.add_error(last, _("This must be later than “%(first)s”.") % {"first": name})


class DepartmentForm(forms.ModelForm):
    def clean(self):
        require_order(self, "opens_at", "closes_at")
        return super().clean()


class DoctorForm(forms.ModelForm):
    """Has no rules but those of the columns."""


class WeeklyScheduleForm(forms.ModelForm):
    def clean(self):
        require_order(self, "starts_at", "ends_at")
        first, last = map(self.cleaned_data.get, ("valid_from", "valid_until"))
        if first and last and last < first:
            self.add_error("valid_until", _("The last day must not be before the first."))
        return super().clean()


class ScheduleExceptionForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        require_order(self, "starts_at", "ends_at")
        if cleaned.get("doctor") and cleaned.get("department"):
            only_one = _("Choose a doctor or a department, or neither for everyone.")
            self.add_error("department", only_one)
        self._check_cover(cleaned)
        if cleaned.get("kind") == ExceptionKind.EXTRA:
            for field in ("doctor", "branch"):
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, _("This is required for an extra session."))
        return cleaned

    def _check_cover(self, cleaned: dict) -> None:
        covering = cleaned.get("covered_by")
        if covering is None:
            return
        if cleaned.get("kind") != ExceptionKind.LEAVE or not cleaned.get("doctor"):
            self.add_error("covered_by", _("Only the leave of one doctor can be covered."))
        elif covering == cleaned["doctor"]:
            self.add_error("covered_by", ANOTHER_DOCTOR)


class OwnLeaveForm(forms.ModelForm):
    """A doctor's own leave, entered or asked for."""

    own: Doctor
    kind: str

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.doctor, self.instance.kind = self.own, self.kind

    def clean(self):
        require_order(self, "starts_at", "ends_at")
        if self.cleaned_data.get("covered_by") == self.own:
            self.add_error("covered_by", ANOTHER_DOCTOR)
        return super().clean()


def own_leave_form(doctor: Doctor, *, is_entered: bool) -> type[OwnLeaveForm]:
    kind = ExceptionKind.LEAVE if is_entered else ExceptionKind.ASKED
    return type("OwnLeaveForm", (OwnLeaveForm,), {"own": doctor, "kind": kind})
