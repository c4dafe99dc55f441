"""What belongs to a patient: declared on the model, and nowhere beside it.

A `PatientOwned` model is registered with the log by being one (`Audited`), is reached through
`visible_to`, and says what the patient reads about it. `PatientRecord` adds the columns of a new one.
"""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import PatientOwnedQuerySet, patients_in_care
from audit.models.audited import Audited
from hms.core.references import new_reference

NOBODY = Q(pk__in=())


class PatientOwned(Audited):
    """A row that belongs to one patient. Derive `Meta` from `PatientOwned.Meta`."""

    to_patient = "patient_id"
    # The permission with which staff see everybody's rows; without one nobody does.
    view_every_permission: str | None = None
    # A carer with any of these scopes of a guardianship (`Scope`) sees the patient's rows.
    guardian_scopes: tuple[str, ...] = ()
    # A part of another row (the line of a bill): has no page of its own and is not told by itself.
    is_part = False
    # What the patient's page about accesses calls one and several, where `verbose_name` does not do,
    # and what it says of a new and of a changed row, with %(whom)s or %(whose)s.
    access_nouns: tuple[str, str] | None = None
    access_created = ""
    access_changed = ""

    objects = PatientOwnedQuerySet.as_manager()

    class Meta(Audited.Meta):
        abstract = True

    @classmethod
    def carer_grounds(cls, user) -> Q:
        """Which rows `user` sees as somebody's carer."""
        if not cls.guardian_scopes:
            return NOBODY
        return Q(**{f"{cls.to_patient}__in": patients_in_care(user, cls.guardian_scopes)})

    @classmethod
    def staff_grounds(cls, user) -> Q:  # noqa: ARG003 - for subclasses
        """Which rows a member of staff sees without `view_every_permission`."""
        return NOBODY


class PatientRecord(PatientOwned):
    """A `PatientOwned` row with the columns that every new model has."""

    reference = models.CharField(
        _("reference"), max_length=10, unique=True, default=new_reference, editable=False
    )
    patient = models.ForeignKey("accounts.Patient", on_delete=models.PROTECT, verbose_name=_("patient"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("recorded by"),
    )  # fmt: skip

    class Meta(PatientOwned.Meta):
        abstract = True

    def __str__(self):
        return self.reference


def patient_owned_models() -> list[type[PatientOwned]]:
    return [model for model in apps.get_models() if issubclass(model, PatientOwned) and not model._meta.proxy]
