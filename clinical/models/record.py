from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientRecord, Relation, Scope
from accounts.models.owned import NOBODY
from accounts.querysets import patients_in_care
from clinical.querysets.grounds import grounds_of
from clinical.statuses.confidentiality import Confidentiality
from scheduling.access import own_visits


class ClinicalRecord(PatientRecord):
    """A finding or an act of a doctor or nurse who treats the patient; corrected, never deleted.

    No permission shows all rows. Staff see those of the patients whom they treat; sensitive rows and
    confidential patients only the doctor who treats them; after emergency access, everything of that patient.
    Carers need a scope, and see what has been released.
    """

    view_every_permission = None
    guardian_scopes = (Scope.SEE_RECORDS,)

    confidentiality = models.CharField(
        _("open to"), max_length=8, choices=Confidentiality, default=Confidentiality.NORMAL
    )

    # The column by which the chart orders the rows; None: not on the chart.
    chart_at: str | None = "recorded_at"
    chart_related: tuple[str, ...] = ()  # what the methods for the chart read of other tables
    # In these the row no longer holds: the chart strikes it through and gives the reason.
    void_statuses: frozenset[str] = frozenset()
    void_reason = "status_reason"  # the column with the reason

    class Meta(PatientRecord.Meta):
        abstract = True

    def charted_at(self) -> datetime:
        return getattr(self, self.chart_at)

    def chart_title(self) -> str:
        return str(self)

    def chart_text(self) -> str:
        return ""

    def chart_searched(self) -> str:
        """What a search of the chart looks through; what only the author reads is no part of it."""
        return self.chart_text()

    def chart_void(self) -> str:
        """Why the row no longer holds; empty while it does."""
        if not self.void_statuses or self.status not in self.void_statuses:
            return ""
        words = (self.get_status_display(), getattr(self, self.void_reason, ""))
        return ": ".join(str(word) for word in words if word)

    def chart_doubt(self) -> str:
        """What is to be known before the row is relied on, although it still holds."""
        return ""

    @classmethod
    def staff_grounds(cls, user) -> Q:
        if not user.has_perm(f"{cls._meta.app_label}.view_{cls._meta.model_name}"):
            return NOBODY
        grounds, is_normal = grounds_of(user), Q(confidentiality=Confidentiality.NORMAL)
        of_doctor = grounds.as_doctor & (is_normal | cls.treated_by(user))
        return of_doctor | (grounds.in_team & is_normal) | grounds.in_emergency

    @classmethod
    def treated_by(cls, user) -> Q:
        """Sensitive rows that are the doctor's own: recorded by the doctor, or at a visit to the doctor."""
        recorded = Q(recorded_by=user)
        has_visit = any(field.name == "appointment" for field in cls._meta.concrete_fields)
        return recorded | Q(appointment__in=own_visits(user).values("pk")) if has_visit else recorded

    @classmethod
    def carer_grounds(cls, user) -> Q:
        """Released rows; rows hidden from carers only for the patient's own login."""
        of_others = ~Q(confidentiality=Confidentiality.HIDDEN)
        own = patients_in_care(user, cls.guardian_scopes).filter(relation=Relation.SELF)
        return super().carer_grounds(user) & cls.released() & (of_others | Q(patient_id__in=own))

    @classmethod
    def is_private_in_log(cls, field: models.Field) -> bool:
        """Auditors see who did what and when; what was written stays with those who treat the patient."""
        if field.name in {"id", "reference", "status", "confidentiality"}:
            return False
        return not isinstance(field, models.ForeignKey | models.DateTimeField)

    @classmethod
    def released(cls) -> Q:
        """Rows that the patient may read; all unless a model says otherwise."""
        return Q()
