from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clinical.admin.listed import ListedAdmin, StatusForm
from clinical.models import Problem
from clinical.services import record_problem, revise_problem


class RecordProblemForm(forms.ModelForm):
    since = forms.CharField(
        label=_("Since"),
        required=False,
        max_length=10,
        help_text=_("As exactly as it is known: 2019, 2019-05 or 2019-05-20."),
    )

    class Meta:
        model = Problem
        fields = ("patient", "kind", "title", "code", "since", "said_by", "note")


class ReviseProblemForm(StatusForm):
    resolved_on = forms.DateField(
        label=_("Resolved on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Only if it is resolved and the day is known."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.pop("resolved_on", None)  # belongs to the step, not to the row as it is


@admin.register(Problem)
class ProblemAdmin(ListedAdmin):
    record_form = RecordProblemForm
    status_form = ReviseProblemForm
    list_display = ["patient", "title", "kind", "code", "since_words", "status", "recorded_on"]
    list_filter = ["status", "kind"]

    @admin.display(description=_("since"), ordering="since_on", empty_value="")
    def since_words(self, problem):
        return problem.since

    def shown(self, row):
        end = ("resolved_on",) if row.resolved_on else ()
        return ("kind", "title", "code", "since_words", "said_by", "note", *end)

    def record(self, row, filled_in, *, by):
        what = {name: filled_in[name] for name in ("title", "kind", "code", "since", "said_by", "note")}
        return record_problem(patient=row.patient, **what, by=by)

    def reassess(self, row, filled_in, *, by):
        return revise_problem(
            problem=row,
            status=filled_in["becomes"],
            reason=filled_in["reason"],
            resolved_on=filled_in["resolved_on"],
            by=by,
        )
