from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinical.models.kept import Kept, kept_once
from clinical.models.medicine import Medicine
from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets import PrescriptionItemQuerySet, PrescriptionQuerySet
from clinical.querysets.prescriptions import IN_H1_REGISTER
from clinical.statuses import DoseForm, DoseUnit, DrugSchedule, PrescriptionStatus, Route
from clinical.statuses.confidentiality import Confidentiality
from clinical.statuses.prescriptions import SIGNED
from hms.core.constraints import one_of
from hms.core.folded import FoldedKey
from scheduling.access import not_confidential


class Prescription(Signed, ClinicalRecord):
    """What a doctor prescribes at one visit. Signing sets what is printed; a correction is another one.

    `doctor` is the doctor of the visit or a covering doctor.
    """

    signed_statuses = SIGNED
    chart_related = ("items",)
    void_statuses, void_reason = frozenset({PrescriptionStatus.WITHDRAWN}), "withdrawal_reason"
    changes_after_signing = ("dispensed_at", "dispensed_by", "withdrawn_at", "withdrawal_reason")
    access_created = _("Wrote a prescription for %(whom)s")
    access_changed = _("Changed a prescription for %(whom)s")

    appointment = models.ForeignKey(
        "scheduling.Appointment", on_delete=models.PROTECT, related_name="prescriptions",
        verbose_name=_("appointment"),
    )  # fmt: skip
    doctor = models.ForeignKey(
        "scheduling.Doctor", on_delete=models.PROTECT, related_name="prescriptions",
        verbose_name=_("doctor"),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=10, choices=PrescriptionStatus, default=PrescriptionStatus.DRAFT
    )
    # The appointment's key while this is a draft, otherwise NULL, for a unique index without condition.
    draft_key = models.PositiveBigIntegerField(unique=True, null=True, editable=False)
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="repeated_by",
        verbose_name=_("repeats"),
    )  # fmt: skip
    weight_kg = models.DecimalField(_("weight (kg)"), max_digits=6, decimal_places=3, null=True, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, editable=False)
    document = models.OneToOneField(
        "clinical.DocumentCode", on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("document code"),
    )  # fmt: skip
    frozen = models.JSONField(_("as printed"), default=dict, editable=False)
    findings = models.JSONField(_("findings of the check"), default=list, editable=False)
    is_overridden = models.BooleanField(_("signed against a finding"), default=False, editable=False)
    dispensed_at = models.DateTimeField(_("dispensed at"), null=True, editable=False)
    dispensed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("dispensed by"),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawal_reason = models.CharField(_("reason for withdrawing"), max_length=200, blank=True)

    objects = PrescriptionQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("prescription")
        verbose_name_plural = _("prescriptions")
        indexes = [models.Index(fields=["dispensed_at"], name="clinical_dispensed_at")]
        permissions = [
            ("sign_prescription", _("Can sign and withdraw prescriptions")),
            ("dispense_prescription", _("Can record that a prescription was dispensed")),
            ("review_prescribing", _("Can see the figures of prescribing per doctor")),
            ("view_h1_register", _("Can see the register of Schedule H1")),
        ]
        constraints = [
            one_of("status", PrescriptionStatus, "clinical_prescription_status_exists"),
            models.CheckConstraint(
                condition=Q(status=PrescriptionStatus.DRAFT, draft_key__isnull=False, signed_at__isnull=True)
                | (
                    ~Q(status=PrescriptionStatus.DRAFT)
                    & Q(draft_key__isnull=True, signed_at__isnull=False, valid_until__isnull=False)
                ),
                name="clinical_prescription_is_a_draft_or_signed",
            ),
        ]

    @classmethod
    def released(cls) -> Q:
        return Q(status__in=sorted(SIGNED))

    def get_absolute_url(self):
        return reverse("clinical:show-prescription", args=[self.reference])

    def chart_title(self) -> str:
        return ", ".join(item.title for item in self.items.all()) or self.get_status_display()

    def chart_text(self) -> str:
        lines = (" ".join(filter(None, [i.name, i.schedule, i.instructions])) for i in self.items.all())
        return "\n".join([str(self.get_status_display()), *lines])

    @property
    def is_draft(self) -> bool:
        return self.status == PrescriptionStatus.DRAFT


class PrescriptionItem(Signed, ClinicalRecord):
    """One medicine of a prescription, with its name, form and strength as printed."""

    is_part = True
    chart_at = None
    signed_statuses = SIGNED
    signed_path = "prescription__status"

    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    medicine = models.ForeignKey(
        Medicine, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("medicine")
    )
    name = models.CharField(_("generic name"), max_length=120)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    form = models.CharField(_("form"), max_length=20, choices=DoseForm, blank=True)
    strength = models.CharField(_("strength"), max_length=40, blank=True)
    drug_schedule = models.CharField(
        _("schedule of the Drugs Rules"), max_length=4, choices=DrugSchedule, default=DrugSchedule.NONE
    )
    route = models.CharField(_("route"), max_length=16, choices=Route, blank=True)  # empty: unknown
    dose = models.DecimalField(_("dose"), max_digits=8, decimal_places=3)
    dose_unit = models.CharField(_("unit of the dose"), max_length=12, choices=DoseUnit)
    schedule = models.CharField(_("schedule"), max_length=200)
    duration_days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    instructions = models.CharField(_("instructions"), max_length=200, blank=True)

    objects = PrescriptionItemQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["prescription", "position"]
        verbose_name = _("item of a prescription")
        verbose_name_plural = _("items of a prescription")
        constraints = [
            models.UniqueConstraint(
                fields=["prescription", "position"], name="clinical_prescription_item_has_its_own_position"
            ),
            models.CheckConstraint(
                condition=Q(route__in=["", *Route.values]), name="clinical_prescription_item_route_exists"
            ),
            one_of("dose_unit", DoseUnit, "clinical_prescription_item_dose_unit_exists"),
            one_of("drug_schedule", DrugSchedule, "clinical_prescription_item_drug_schedule_exists"),
            models.CheckConstraint(
                condition=Q(dose__gt=0), name="clinical_prescription_item_dose_is_above_zero"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def title(self) -> str:
        """Name, form and strength, as findings and lists name the item."""
        return " ".join(filter(None, [self.name, self.strength, self.get_form_display().lower()]))

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """The register of Schedule H1 is open to those who keep it, but for what is the treating doctor's."""
        grounds = super().staff_grounds(user)
        if not user.has_perm("clinical.view_h1_register"):
            return grounds
        normal = Q(confidentiality=Confidentiality.NORMAL) & not_confidential()
        return grounds | (IN_H1_REGISTER & normal)

    @classmethod
    def released(cls) -> Q:
        return Q(prescription__status__in=sorted(SIGNED))

    @classmethod
    def is_private_in_log(cls, field: models.Field) -> bool:
        return field.name == "medicine" or super().is_private_in_log(field)


class PrescriptionTemplate(Kept):
    """Items that a doctor prescribes together, one per line as typed: "amoxicillin 500 1-0-1 5 days"."""

    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name")
    lines = models.TextField(_("items"), max_length=2000, help_text=_("One item per line."))

    class Meta(Kept.Meta):
        ordering = ["name"]
        verbose_name = _("prescription template")
        verbose_name_plural = _("prescription templates")
        constraints = kept_once("name", "prescription_template")

    def __str__(self):
        return self.name
