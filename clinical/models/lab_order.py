from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinical.models.record import ClinicalRecord
from clinical.querysets import LabOrderQuerySet
from clinical.statuses import OPEN, LabOrderStatus, Urgency
from hms.core.constraints import one_of
from hms.core.fingerprints import fingerprint_of

# Hours within which a result is due, whatever the usual turnaround.
HOURS = {Urgency.STAT: 1, Urgency.URGENT: 4}
WITHOUT_SAMPLE = (LabOrderStatus.ORDERED, LabOrderStatus.CANCELLED)


# Changes whenever the order goes on and whenever its result is entered again.
WHAT_IS_SHOWN = ("status", "resulted_at")


class LabOrder(ClinicalRecord):
    """One test that a doctor ordered for a visit, from the order to the released result."""

    view_every_permission = "clinical.work_in_laboratory"
    access_created = _("Ordered a test for %(whom)s")
    access_changed = _("Worked on a test of %(whom)s")

    chart_related = ("test",)
    void_statuses, void_reason = frozenset({LabOrderStatus.CANCELLED}), "cancellation_reason"

    appointment = models.ForeignKey(
        "scheduling.Appointment",
        on_delete=models.PROTECT,
        related_name="lab_orders",
        verbose_name=_("appointment"),
    )
    doctor = models.ForeignKey(
        "scheduling.Doctor", on_delete=models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    test = models.ForeignKey(
        "clinical.LabTest", on_delete=models.PROTECT, related_name="orders", verbose_name=_("test")
    )
    panel = models.ForeignKey(
        "clinical.LabPanel",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("panel"),
    )
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, default=Urgency.ROUTINE)
    question = models.CharField(_("clinical question"), max_length=300, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=LabOrderStatus, default=LabOrderStatus.ORDERED
    )
    # The number on the sample; tests from one container share it.
    label = models.CharField(_("label"), max_length=12, blank=True, editable=False, db_index=True)
    due_at = models.DateTimeField(_("due at"), editable=False)
    collected_at = models.DateTimeField(_("collected at"), null=True, editable=False)
    resulted_at = models.DateTimeField(_("result entered at"), null=True, editable=False)
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    cancellation_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)
    rejected_at = models.DateTimeField(_("sample rejected at"), null=True, editable=False)
    rejection_reason = models.CharField(_("reason for the rejection"), max_length=200, blank=True)

    objects = LabOrderQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering = ["-recorded_at", "pk"]
        verbose_name = _("laboratory order")
        verbose_name_plural = _("laboratory orders")
        indexes = [
            models.Index(fields=["status", "due_at"], name="clinical_lab_worklist"),
            models.Index(fields=["recorded_at"], name="clinical_lab_orders_of_days"),
            models.Index(fields=["released_at"], name="clinical_lab_releases_of_days"),
        ]
        permissions = [("work_in_laboratory", _("Can see and process all laboratory orders"))]
        constraints = [
            one_of("status", LabOrderStatus, "clinical_lab_order_status_exists"),
            one_of("urgency", Urgency, "clinical_lab_order_urgency_exists"),
            models.CheckConstraint(
                condition=Q(status__in=WITHOUT_SAMPLE) | (Q(collected_at__isnull=False) & ~Q(label="")),
                name="clinical_lab_sample_has_a_label_and_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=LabOrderStatus.CANCELLED) | ~Q(cancellation_reason=""),
                name="clinical_lab_order_is_cancelled_with_a_reason",
            ),
        ]

    @property
    def shown(self) -> str:
        """The fingerprint that the buttons of the laboratory carry."""
        return fingerprint_of(self, WHAT_IS_SHOWN)

    def __str__(self):
        return f"{self.test} ({self.reference})"

    def chart_title(self) -> str:
        return self.test.name

    def chart_text(self) -> str:
        return ". ".join(part for part in (str(self.get_status_display()), self.question) if part)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at <= timezone.now()

    def due_after(self, start: datetime) -> datetime:
        hours = HOURS.get(self.urgency, self.test.turnaround_hours)
        return start + timedelta(hours=min(hours, self.test.turnaround_hours))
