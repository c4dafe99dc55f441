from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.exceptions import DiastolicTooHigh, NothingMeasured
from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets import VitalSignsQuerySet
from clinical.statuses import Consciousness, GlucoseKind, VitalSignsStatus
from clinical.vitals.measures import MEASURES, VITALS, Measure, Number
from clinical.vitals.readings import readings_of
from hms.core.constraints import one_of


def column(name: str) -> models.Field:
    """The column of a measure in `VITALS`."""
    measure = VITALS[name]
    if not measure.decimals:
        return models.PositiveSmallIntegerField(measure.label, null=True, blank=True)
    digits = len(str(int(measure.high))) + 1 + measure.decimals
    return models.DecimalField(
        measure.label, max_digits=digits, decimal_places=measure.decimals, null=True, blank=True
    )


def limits(measure: Measure) -> models.CheckConstraint:
    """A value within the limits of `VITALS`, or none."""
    within = {f"{measure.name}__gte": measure.low, f"{measure.name}__lte": measure.high}
    return models.CheckConstraint(
        condition=Q(**{f"{measure.name}__isnull": True}) | Q(**within),
        name=f"clinical_vitals_{measure.name}_is_possible",
    )


def something() -> Q:
    found = ~Q(consciousness="")
    for name in VITALS:
        found |= Q(**{f"{name}__isnull": False})
    return found


class VitalSigns(Signed, ClinicalRecord):
    """What was measured of a patient at one time; corrected by marking it as an error and recording again."""

    signed_statuses = frozenset(VitalSignsStatus)
    changes_after_signing = ("status_reason",)
    chart_at = "measured_at"
    chart_related = ("patient",)
    void_statuses = frozenset({VitalSignsStatus.ENTERED_IN_ERROR})
    access_created = _("Recorded %(whose)s vital signs")
    access_changed = _("Changed %(whose)s vital signs")

    appointment = models.ForeignKey(
        "scheduling.Appointment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vital_signs",
        verbose_name=_("appointment"),
    )
    measured_at = models.DateTimeField(_("measured at"), default=timezone.now)
    temperature_c = column("temperature_c")
    pulse = column("pulse")
    systolic = column("systolic")
    diastolic = column("diastolic")
    respirations = column("respirations")
    oxygen_saturation = column("oxygen_saturation")
    on_oxygen = models.BooleanField(_("breathes oxygen"), null=True, blank=True)
    is_spo2_scale_2 = models.BooleanField(_("NEWS2 with oxygen scale 2"), default=False)
    consciousness = models.CharField(_("consciousness"), max_length=1, choices=Consciousness, blank=True)
    weight_kg = column("weight_kg")
    height_cm = column("height_cm")
    pain = column("pain")
    glucose_mg_dl = column("glucose_mg_dl")
    glucose_kind = models.CharField(_("glucose measured"), max_length=10, choices=GlucoseKind, blank=True)
    status = models.CharField(
        _("status"), max_length=16, choices=VitalSignsStatus, default=VitalSignsStatus.RECORDED
    )
    status_reason = models.CharField(_("reason for the status"), max_length=200, blank=True)
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, editable=False)

    objects = VitalSignsQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-measured_at", "-pk"]
        verbose_name = _("vital signs")
        verbose_name_plural = _("vital signs")
        indexes = [models.Index(fields=["patient", "measured_at"], name="clinical_vitals_of_patient")]
        constraints = [
            one_of("status", VitalSignsStatus, "clinical_vitals_status_exists"),
            *(limits(measure) for measure in MEASURES),
            models.CheckConstraint(
                condition=Q(systolic__isnull=True, diastolic__isnull=True)
                | Q(systolic__isnull=False, diastolic__isnull=False, diastolic__lt=F("systolic")),
                name="clinical_vitals_diastolic_is_below_systolic",
            ),
            models.CheckConstraint(
                condition=Q(glucose_mg_dl__isnull=True, glucose_kind="")
                | Q(glucose_mg_dl__isnull=False, glucose_kind__in=GlucoseKind.values),
                name="clinical_vitals_glucose_has_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(consciousness__in=["", *Consciousness.values]),
                name="clinical_vitals_consciousness_exists",
            ),
            models.CheckConstraint(
                condition=Q(status=VitalSignsStatus.RECORDED, status_reason="")
                | (Q(status=VitalSignsStatus.ENTERED_IN_ERROR) & ~Q(status_reason="")),
                name="clinical_vitals_entered_in_error_have_a_reason",
            ),
            models.CheckConstraint(condition=something(), name="clinical_vitals_measure_something"),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.measured_at):%Y-%m-%d %H:%M}"

    def chart_title(self) -> str:
        return ", ".join(map(str, readings_of(self, born=self.patient.date_of_birth)))

    def measured(self) -> dict[str, Number]:
        """The values that were measured, by the name of the column."""
        return {name: value for name in VITALS if (value := getattr(self, name)) is not None}

    def clean(self):
        """Say at the field what the database would refuse without words."""
        for name, value in self.measured().items():
            VITALS[name].check(value)
        pressures = (self.systolic, self.diastolic)
        if pressures != (None, None) and (None in pressures or self.diastolic >= self.systolic):
            raise DiastolicTooHigh
        if not self.measured() and not self.consciousness:
            raise NothingMeasured
