from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinical.models.listed import ListedRecord, current_once
from clinical.statuses.problems import CURRENT_PROBLEMS, Informant, ProblemKind, ProblemStatus
from hms.core.constraints import one_of
from hms.core.partial_dates import PartialDate, Precision

looks_like_icd10 = RegexValidator(
    r"^[A-Za-z][0-9][0-9A-Za-z](\.[0-9A-Za-z]{1,4})?\Z",
    _("Enter an ICD-10 code such as E11 or E11.9."),
    code="icd10",
)


class Problem(ListedRecord):
    """Something in a patient's history: a condition, an operation, an illness in the family, a habit."""

    access_created = _("Added to %(whose)s problems and history")
    access_changed = _("Changed %(whose)s problems and history")
    current_statuses = CURRENT_PROBLEMS

    title = models.CharField(_("problem"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=ProblemKind, default=ProblemKind.CONDITION)
    code = models.CharField(_("ICD-10 code"), max_length=10, blank=True, validators=[looks_like_icd10])
    since_on = models.DateField(_("since"), null=True, blank=True)  # the first day of the year or month
    since_precision = models.CharField(_("precision"), max_length=8, choices=Precision, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    said_by = models.CharField(_("said by"), max_length=12, choices=Informant, default=Informant.PATIENT)
    note = models.CharField(_("note"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=ProblemStatus, default=ProblemStatus.ACTIVE)

    class Meta(ListedRecord.Meta):
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        constraints = [
            *current_once("problem", CURRENT_PROBLEMS),
            one_of("status", ProblemStatus, "clinical_problem_status_exists"),
            one_of("kind", ProblemKind, "clinical_problem_kind_exists"),
            one_of("said_by", Informant, "clinical_problem_is_said_by_somebody"),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True, since_precision="")
                | Q(since_on__isnull=False, since_precision__in=Precision.values),
                name="clinical_problem_since_a_day_has_a_precision",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(status=ProblemStatus.RESOLVED),
                name="clinical_only_a_resolved_problem_has_an_end",
            ),
        ]

    def __str__(self):
        return self.title

    def what(self) -> str:
        return f"{self.kind} {self.title}"

    @property
    def since(self) -> str:
        """The year, month or day since when; empty if unknown."""
        return str(PartialDate(self.since_on, self.since_precision)) if self.since_on else ""
