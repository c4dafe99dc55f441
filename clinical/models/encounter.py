from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets.signed import AddendumQuerySet, SignedQuerySet
from clinical.statuses.encounters import SIGNED, EncounterStatus
from hms.core.constraints import one_of

LONGEST_TEXT = 5000


def _text(label: str, **options) -> models.TextField:
    return models.TextField(label, blank=True, max_length=LONGEST_TEXT, **options)


class Encounter(Signed, ClinicalRecord):
    """The doctor's record of one visit. Once signed it never changes; addenda are added to it.

    `recorded_by` is the author. Of a signed one the patient reads diagnoses, advice, follow-up and addenda.
    """

    signed_statuses = SIGNED
    changes_after_signing = ("document",)
    log_masked = ("private_note",)
    chart_related = ("diagnoses", "addenda")
    access_created = _("Began %(whose)s visit record")
    access_changed = _("Changed %(whose)s visit record")

    appointment = models.OneToOneField(
        "scheduling.Appointment", on_delete=models.PROTECT, related_name="encounter",
        verbose_name=_("appointment"),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=8, choices=EncounterStatus, default=EncounterStatus.DRAFT
    )
    complaint = _text(_("complaint"))
    history = _text(_("history"))
    examination = _text(_("examination"))
    assessment = _text(_("assessment"))
    plan = _text(_("plan"))
    advice = _text(_("advice for the patient"))
    # What to prescribe and to order, as typed; carried out when the visit is finished.
    medicine_lines = _text(_("medicines"))
    test_lines = _text(_("tests"))
    follow_up_on = models.DateField(_("follow-up on"), null=True, blank=True)
    # Counts the changes of the diagnoses, so that a form notices those made elsewhere.
    revision = models.PositiveIntegerField(default=0, editable=False)
    private_note = _text(_("private note"), help_text=_("Only you can read this."))
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("signed by"),
    )  # fmt: skip
    frozen = models.JSONField(_("as printed"), default=dict, editable=False)
    # The code of the summary as it reads now; an earlier one is replaced.
    document = models.OneToOneField(
        "clinical.DocumentCode", on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("document code"),
    )  # fmt: skip

    objects = SignedQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("visit record")
        verbose_name_plural = _("visit records")
        indexes = [
            models.Index(fields=["patient", "recorded_at"], name="clinical_encounter_of_patient"),
            models.Index(fields=["follow_up_on"], name="clinical_follow_ups_of_days"),
        ]
        constraints = [
            one_of("status", EncounterStatus, "clinical_encounter_status_exists"),
            models.CheckConstraint(
                condition=Q(status=EncounterStatus.SIGNED, signed_at__isnull=False)
                | Q(status=EncounterStatus.DRAFT, signed_at__isnull=True),
                name="clinical_a_signed_encounter_says_when",
            ),
        ]

    def get_absolute_url(self):
        return reverse("clinical:show-visit", args=[self.reference])

    @classmethod
    def released(cls) -> Q:
        return Q(status=EncounterStatus.SIGNED)

    def chart_title(self) -> str:
        diagnoses = ", ".join(map(str, self.diagnoses.all()))
        return diagnoses or self.complaint or self.get_status_display()

    def chart_text(self) -> str:
        texts = (self.complaint, self.examination, self.assessment, self.plan)
        additions = (addendum.text for addendum in self.addenda.all())
        return "\n".join(filter(None, (*texts, *additions)))

    def chart_searched(self) -> str:
        return "\n".join([self.chart_text(), self.history, self.advice])

    def is_readable_in_private_by(self, user) -> bool:
        return self.recorded_by_id is not None and self.recorded_by_id == user.pk


class Addendum(Signed, ClinicalRecord):
    """Text that was added to a signed encounter; it never changes either."""

    is_part = True
    chart_at = None
    signed_statuses = SIGNED
    signed_path = "encounter__status"

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="addenda", verbose_name=_("visit record")
    )
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)

    objects = AddendumQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["recorded_at", "pk"]
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="clinical_addendum_has_a_text")]


class Diagnosis(Signed, ClinicalRecord):
    """One diagnosis of an encounter: a term of the list with its code, or free text."""

    is_part = True
    chart_at = None
    signed_statuses = SIGNED
    signed_path = "encounter__status"

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="diagnoses", verbose_name=_("visit record")
    )
    title = models.CharField(_("diagnosis"), max_length=200)
    code = models.CharField(_("ICD-10 code"), max_length=10, blank=True)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SignedQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["encounter", "position", "pk"]
        verbose_name = _("diagnosis")
        verbose_name_plural = _("diagnoses")
        indexes = [models.Index(fields=["code"], name="clinical_diagnoses_by_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "position"], name="clinical_diagnosis_has_its_own_position"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="clinical_diagnosis_has_a_title"),
        ]

    def __str__(self):
        return f"{self.title} ({self.code})" if self.code else self.title
