"""Base classes of models whose rows belong to a patient.

A `PatientOwned` model is logged (`Audited`), is read through `visible_to`, and declares the words in which
the patient reads about accesses. `PatientRecord` adds the columns that new models have in common.
"""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import NOBODY, PatientOwnedQuerySet, patients_in_care
from audit.models.audited import Audited
from hms.core.references import new_reference


class PatientOwned(Audited):
    """A row that belongs to one patient. Derive `Meta` from `PatientOwned.Meta`."""

    to_patient = "patient_id"
    # The permission to see the rows of all patients; None: no permission shows them all.
    view_every_permission: str | None = None
    # A carer whose guardianship has any of these scopes (`Scope`) sees the patient's rows.
    guardian_scopes: tuple[str, ...] = ()
    # A part of another row (the line of a bill): has no page and no words of its own.
    is_part = False
    # For the patient's page about accesses: singular and plural, if `verbose_name` does not fit, and the
    # texts for a new and a changed row, with %(whom)s or %(whose)s.
    access_nouns: tuple[str, str] | None = None
    access_created = ""
    access_changed = ""

    objects = PatientOwnedQuerySet.as_manager()

    class Meta(Audited.Meta):
        abstract = True

    @classmethod
    def carer_grounds(cls, user) -> Q:
        if not cls.guardian_scopes:
            return NOBODY
        return Q(**{f"{cls.to_patient}__in": patients_in_care(user, cls.guardian_scopes)})

    @classmethod
    def staff_grounds(cls, user) -> Q:  # noqa: ARG003 - for subclasses
        """The rows that a member of staff sees without `view_every_permission`."""
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
