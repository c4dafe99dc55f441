from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PatientRecord, Scope
from clinical.querysets.reviews import ReviewQuerySet
from clinical.statuses.reviews import ReviewStatus, Stars
from hms.core.constraints import one_of

WORDS_LENGTH = 1000
SOME_WORDS = {"max_length": WORDS_LENGTH, "validators": [MaxLengthValidator(WORDS_LENGTH)], "blank": True}


class Review(PatientRecord):
    """What a carer says about a completed visit; published without a name after moderation.

    `recorded_by` wrote the present words, at `recorded_at`.
    """

    view_every_permission = "clinical.moderate_review"
    guardian_scopes = (Scope.BOOK, Scope.SEE_RECORDS)
    access_created = _("Reviewed %(whose)s visit")
    access_changed = _("Changed the review of %(whose)s visit")
    log_private = ("words", "refusal_reason", "answer")

    appointment = models.OneToOneField(
        "scheduling.Appointment",
        on_delete=models.PROTECT,
        related_name="review",
        verbose_name=_("appointment"),
    )
    doctor = models.ForeignKey(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        related_name="reviews",
        verbose_name=_("doctor"),
        db_index=False,
    )
    stars = models.PositiveSmallIntegerField(_("stars"), choices=Stars)
    words = models.TextField(_("words"), **SOME_WORDS)
    status = models.CharField(_("status"), max_length=10, choices=ReviewStatus, default=ReviewStatus.WAITING)
    refusal_reason = models.CharField(_("reason for refusing"), max_length=200, blank=True)
    answer = models.TextField(_("answer of the doctor"), **SOME_WORDS)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta(PatientRecord.Meta):
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(fields=["doctor", "status", "recorded_at"], name="clinical_reviews_of_doctor")
        ]
        permissions = [
            ("moderate_review", _("Can publish and refuse reviews")),
            ("answer_review", _("Can answer reviews of their own visits")),
        ]
        constraints = [
            one_of("stars", Stars, "clinical_review_has_one_to_five_stars"),
            one_of("status", ReviewStatus, "clinical_review_status_exists"),
            models.CheckConstraint(
                condition=(Q(status=ReviewStatus.REFUSED) & ~Q(refusal_reason=""))
                | (~Q(status=ReviewStatus.REFUSED) & Q(refusal_reason="")),
                name="clinical_only_a_refused_review_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="clinical_only_an_answered_review_has_a_time_of_answer",
            ),
        ]

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """The published reviews of a doctor."""
        return Q(doctor__user=user, status=ReviewStatus.PUBLISHED)
