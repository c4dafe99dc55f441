from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hms.reports.periods import Step
from hms.reports.question import PLACES, Question
from hms.reports.scope import Scope
from scheduling.models import Branch, Department, Doctor

MOST_PERIODS = 400
MOST_TOP = 100
ISO = ["%Y-%m-%d"]  # an address is read alike everywhere: 03/04 would be another day elsewhere


class ScopeForm(forms.Form):
    """Reads a scope from an address. What is not in the address has its default; what is wrong is said."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format=ISO[0]), input_formats=ISO
    )
    last = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format=ISO[0]), input_formats=ISO
    )
    step = forms.ChoiceField(label=_("By"), choices=Step.choices)
    branch = forms.ModelChoiceField(
        Branch.objects.all(), label=_("Branch"), to_field_name="code", required=False, empty_label=_("All")
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("Department"),
        to_field_name="slug",
        required=False,
        empty_label=_("All"),
    )
    doctor = forms.ModelChoiceField(
        Doctor.objects.all(),
        label=_("Doctor"),
        to_field_name="reference",
        required=False,
        empty_label=_("All"),
    )
    top = forms.IntegerField(label=_("Show the first"), min_value=1, max_value=MOST_TOP)

    def __init__(self, asked, *, question: Question, doctors: frozenset[int] | None):
        today = timezone.localdate()
        defaults = {
            "first": (today - timedelta(days=question.days_shown - 1)).isoformat(),
            "last": today.isoformat(),
            "step": Step.DAY.value,
            "top": "10",
        }
        self.asked = {name: value for name, value in asked.items() if value}
        self.unknown = sorted(set(asked).difference(self.base_fields))
        super().__init__(defaults | self.asked)
        self.question, self.doctors = question, doctors
        if doctors is not None:
            own = Doctor.objects.filter(pk__in=doctors)
            self.fields["doctor"].queryset = own
            self.fields["department"].queryset = Department.objects.filter(pk__in=own.values("department"))
        left_out = {"branch", "department", "doctor", "step", "top"}.difference(question.filters)
        self.not_for_this = {name: self.fields.pop(name).label for name in sorted(left_out)}
        if doctors is not None and len(doctors) == 1:  # nothing to choose, but an address may ask for another
            for name in {"department", "doctor"}.intersection(self.fields):
                self.fields[name].widget = forms.HiddenInput()

    def clean(self):
        asked = super().clean()
        self._refuse_unused()
        first, last = asked.get("first"), asked.get("last")
        if first is None or last is None:
            return asked
        if not 2000 <= first.year <= last.year <= 2100:
            raise ValidationError(_("Choose days between 2000 and 2100, the earlier one first."), code="days")
        if last < first:
            raise ValidationError(_("The first day is after the last."), code="days")
        if (last - first).days >= self.question.most_days:
            text = _("Choose at most %(days)s days.")
            raise ValidationError(text, code="too_long", params={"days": self.question.most_days})
        step = Step(asked.get("step") or Step.DAY)
        if "step" in self.fields and len(step.periods(first, last)) > MOST_PERIODS:
            raise ValidationError(_("Choose fewer days or a longer step."), code="too_many_periods")
        return asked

    def _refuse_unused(self) -> None:
        """What is in the address and does not choose anything."""
        if self.unknown:
            text = _("This report has no choice called “%(names)s”.")
            names = ", ".join(self.unknown)
            self.add_error(None, ValidationError(text, code="unknown", params={"names": names}))
        for name, label in self.not_for_this.items():
            if name in self.asked:
                text = _("This report has no choice of “%(filter)s”.")
                self.add_error(None, ValidationError(text, code="no_such_filter", params={"filter": label}))

    def scope(self, by) -> Scope:
        asked = self.cleaned_data
        branch = asked.get("branch")
        return Scope(
            first=asked["first"],
            last=asked["last"],
            by=by,
            branches=frozenset([branch.pk]) if branch else None,
            doctors=self._doctors(asked.get("department"), asked.get("doctor")),
            step=Step(asked.get("step") or Step.DAY),
            top=asked.get("top") or 10,
            asked={name: self.asked[name] for name in PLACES if name in self.asked},
        )

    def _doctors(self, department, doctor) -> frozenset[int] | None:
        """The keys that are left of those whom the person may ask about."""
        found = self.doctors
        for rows in (
            department and department.doctors.order_by(),
            doctor and Doctor.objects.filter(pk=doctor.pk),
        ):
            if rows is not None:
                keys = frozenset(rows.values_list("pk", flat=True))
                found = keys if found is None else found & keys
        return found
