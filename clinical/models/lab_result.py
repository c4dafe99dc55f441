from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.models.lab_correction import Correctable
from clinical.models.lab_test import VALUE
from clinical.models.record import ClinicalRecord
from clinical.models.signed import Signed
from clinical.querysets import LabResultQuerySet
from clinical.ranges import Distance, Limits, distance
from clinical.statuses import CRITICAL, FINAL, GIVEN, Flag, LabResultStatus, RangeGap
from clinical.statuses.confidentiality import Confidentiality
from clinical.units import shown_unit
from hms.core.constraints import one_of
from scheduling.access import doctors_covered_by, not_confidential, own_visits
from scheduling.models import Doctor

COMPARATORS = ("<", "<=", ">", ">=")
USER = settings.AUTH_USER_MODEL
PERSON = {"on_delete": models.PROTECT, "null": True, "editable": False, "related_name": "+"}


def shown_number(value) -> str:
    """Without zeros at the end, which the column adds."""
    return f"{value.normalize():f}" if value is not None else ""


def range_in_words(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return f"≤ {high}" if high else f"≥ {low}" if low else ""


def has_moment(column: str, statuses, name: str) -> models.CheckConstraint:
    """The column is filled in exactly at these statuses."""
    is_there = Q(status__in=sorted(statuses))
    filled = Q(**{f"{column}__isnull": False})
    return models.CheckConstraint(condition=(is_there & filled) | (~is_there & ~filled), name=name)


class LabResult(Correctable, ClinicalRecord, Signed):
    """One result of an order, with a copy of the range that it met; a correction is a further row.

    `recorded_by` entered it. The patient sees it after the doctor has acknowledged it.
    """

    view_every_permission = "clinical.work_in_laboratory"
    signed_statuses = FINAL
    changes_after_signing = (
        *("reported_to", "reported_at", "reported_by", "released_at", "released_by", "document"),
        *("acknowledged_at", "acknowledged_by", "note_for_patient"),
    )
    access_created = _("Entered a test result of %(whom)s")
    access_changed = _("Worked on a test result of %(whom)s")

    chart_related = ("order__test", "order__results")
    void_statuses = frozenset({LabResultStatus.WITHDRAWN})

    order = models.ForeignKey(
        "clinical.LabOrder", on_delete=models.PROTECT, related_name="results", verbose_name=_("order")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=LabResultStatus, default=LabResultStatus.ENTERED
    )
    comparator = models.CharField(
        _("comparator"), max_length=2, choices=[(sign, sign) for sign in COMPARATORS], blank=True
    )
    value = models.DecimalField(_("value"), **VALUE)
    unit = models.CharField(_("unit (UCUM)"), max_length=24, blank=True)
    choice = models.CharField(_("choice"), max_length=40, blank=True)
    text = models.TextField(_("report"), max_length=4000, blank=True)
    file = models.ForeignKey(
        "clinical.Attachment", on_delete=models.PROTECT, null=True, editable=False,
        related_name="lab_results", verbose_name=_("file"),
    )  # fmt: skip
    # The formula with its inputs, as it was computed.
    computed_from = models.CharField(_("computed from"), max_length=500, blank=True, editable=False)
    low = models.DecimalField(_("low"), **VALUE)
    high = models.DecimalField(_("high"), **VALUE)
    critical_low = models.DecimalField(_("critical at or below"), **VALUE)
    critical_high = models.DecimalField(_("critical at or above"), **VALUE)
    range_gap = models.CharField(_("reason for no range"), max_length=12, choices=RangeGap, blank=True)
    flag = models.CharField(_("flag"), max_length=14, choices=Flag)
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)
    verified_by = models.ForeignKey(USER, verbose_name=_("verified by"), **PERSON)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    released_by = models.ForeignKey(USER, verbose_name=_("released by"), **PERSON)
    reported_to = models.CharField(_("critical value reported to"), max_length=120, blank=True)
    reported_at = models.DateTimeField(_("critical value reported at"), null=True, blank=True)
    reported_by = models.ForeignKey(USER, verbose_name=_("critical value reported by"), **PERSON)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, editable=False)
    acknowledged_by = models.ForeignKey(USER, verbose_name=_("acknowledged by"), **PERSON)
    note_for_patient = models.CharField(_("note for the patient"), max_length=500, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="replaced_by",
        verbose_name=_("replaces"),
    )  # fmt: skip
    correction_reason = models.CharField(_("reason for the correction"), max_length=200, blank=True)
    # One code for the released results of a sample; another one after a correction.
    document = models.ForeignKey(
        "clinical.DocumentCode", on_delete=models.PROTECT, null=True, editable=False,
        related_name="lab_results", verbose_name=_("document code"),
    )  # fmt: skip

    objects = LabResultQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("laboratory result")
        verbose_name_plural = _("laboratory results")
        permissions = [("acknowledge_labresult", _("Can acknowledge laboratory results"))]
        indexes = [models.Index(fields=["status", "released_at"], name="clinical_lab_inbox")]
        constraints = [
            one_of("status", LabResultStatus, "clinical_lab_result_status_exists"),
            one_of("flag", Flag, "clinical_lab_result_flag_exists"),
            models.CheckConstraint(
                condition=Q(comparator__in=("", *COMPARATORS)), name="clinical_lab_result_comparator_exists"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, choice="", text="")
                | (Q(value__isnull=True, text="", unit="", comparator="") & ~Q(choice=""))
                | (
                    Q(value__isnull=True, choice="", unit="", comparator="")
                    & (~Q(text="") | Q(file__isnull=False))
                ),
                name="clinical_lab_result_is_a_number_a_choice_a_text_or_a_file",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("recorded_by")),
                name="clinical_lab_result_is_verified_by_another_person",
            ),
            has_moment("verified_at", FINAL, "clinical_final_lab_result_is_verified"),
            has_moment("released_at", GIVEN, "clinical_given_lab_result_is_released"),
            has_moment(
                "acknowledged_at", {LabResultStatus.ACKNOWLEDGED}, "clinical_lab_result_is_acknowledged_once"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | ~Q(flag__in=sorted(CRITICAL))
                | (Q(reported_at__isnull=False) & ~Q(reported_to="")),
                name="clinical_critical_value_is_reported_before_release",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(correction_reason=""),
                name="clinical_lab_correction_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.order.test}: {self.shown}"

    def chart_text(self) -> str:
        parts = (self.get_flag_display(), self.shown_range, self.get_range_gap_display())
        return ", ".join(str(part) for part in parts if part)

    @classmethod
    def released(cls) -> Q:
        return Q(status=LabResultStatus.ACKNOWLEDGED)

    @classmethod
    def treated_by(cls, user) -> Q:
        ordered = Q(order__doctor__in=Doctor.objects.filter(user=user).order_by().values("pk"))
        return ordered | Q(order__appointment__in=own_visits(user).values("pk"))

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """Released results of those whom the user treats.

        Overdue ones also for the covering doctor, sensitive ones included, and for the head of the
        department where they are not the treating doctor's alone.
        """
        treated = super().staff_grounds(user) & Q(status__in=sorted(GIVEN))
        if not user.has_perm("clinical.acknowledge_labresult"):
            return treated
        overdue = Q(status=LabResultStatus.RELEASED, released_at__lte=overdue_since())
        covered = Q(order__doctor__in=doctors_covered_by(user))
        below = Doctor.objects.filter(department__head__user=user).order_by().values("pk")
        of_department = Q(order__doctor__in=below, confidentiality=Confidentiality.NORMAL)
        acts = (of_department & not_confidential()) | covered
        # As a list of keys: OR across the join, no database finds an index.
        late = cls.objects.order_by().filter(acts, overdue | Q(acknowledged_by=user))
        return treated | Q(pk__in=late.values("pk"))

    @property
    def limits(self) -> Limits:
        return Limits(self.low, self.high, self.critical_low, self.critical_high, self.range_gap)

    @property
    def distance(self) -> Distance | None:
        return distance(self.value, self.limits) if self.value is not None else None

    @property
    def shown(self) -> str:
        """The number with comparator and unit, the choice, the text, or that there is a file."""
        if self.value is None:
            return self.choice or self.text or _("see the file")
        return f"{self.comparator}{self.shown_value} {shown_unit(self.unit)}".strip()

    @property
    def shown_value(self) -> str:
        return self._number(self.value)

    @property
    def shown_range(self) -> str:
        return range_in_words(self._number(self.low), self._number(self.high))

    def _number(self, value) -> str:
        """With at least the decimals of the test, in the unit of the test."""
        shown, digits = shown_number(value), self.order.test.decimals
        is_padded = shown and self.unit == self.order.test.unit and len(shown.partition(".")[2]) < digits
        return f"{value:.{digits}f}" if is_padded else shown

    @property
    def is_withdrawal(self) -> bool:
        """Whether the text says that there is no valid result; a person's text has a person's flag."""
        return bool(self.text) and self.flag == Flag.NO_RANGE and not self.computed_from

    @property
    def is_critical(self) -> bool:
        return self.flag in CRITICAL

    @property
    def is_overdue(self) -> bool:
        """Released and not acknowledged in time."""
        return self.is_waiting and self.released_at <= overdue_since()

    @property
    def is_waiting(self) -> bool:
        return self.status == LabResultStatus.RELEASED

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


def overdue_since():
    return timezone.now() - timedelta(hours=settings.LABORATORY["acknowledge_hours"])
