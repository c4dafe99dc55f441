from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.owned import PatientOwned
from accounts.querysets import GuardianshipQuerySet
from hms.core.constraints import one_of
from hms.core.references import new_reference

# The statement that users confirm when they add a person to their family.
CONSENT = _(
    "I am this person's parent or guardian, or they have agreed that I act for them here. "
    "I will use this access only for their care, and they or I can end it at any time."
)


class Relation(models.TextChoices):
    """The relation between the user and the patient; labels are from the user's point of view."""

    SELF = "self", _("Myself")
    PARENT = "parent", _("My child")
    CHILD = "child", _("My parent")
    SPOUSE = "spouse", _("My spouse")
    OTHER = "other", _("Somebody else I care for")


class Scope(models.TextChoices):
    BOOK = "may_book", _("book and change appointments")
    SEE_RECORDS = "may_see_records", _("see records")
    PAY = "may_pay", _("see and pay bills")


class Guardianship(PatientOwned):
    """The consented right of one login to act for one patient, without which a login has no patient."""

    view_every_permission = "accounts.view_every_patient"
    log_exclude = ("is_own",)  # derived from the relation, for the constraints
    access_nouns = (_("details"), _("patients"))  # a list of carers also shows their patient
    access_created = _("Gave somebody the right to act for %(whom)s")
    access_changed = _("Changed who acts for %(whom)s")

    reference = models.CharField(max_length=10, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="guardianships",
        verbose_name=_("login"),
    )
    patient = models.ForeignKey(
        "accounts.Patient",
        on_delete=models.PROTECT,
        related_name="guardianships",
        verbose_name=_("patient"),
    )
    relation = models.CharField(_("relation"), max_length=8, choices=Relation)
    may_book = models.BooleanField(_("may book"), default=True)
    may_see_records = models.BooleanField(_("may see records"), default=True)
    may_pay = models.BooleanField(_("may pay"), default=True)
    consented_at = models.DateTimeField(_("consented at"), default=timezone.now)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("consent taken by"),
    )
    consent_statement = models.TextField(_("what was consented to"), blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    # True for the access of a login to its own patient that was not revoked, else NULL (ADR 0003).
    is_own = models.BooleanField(null=True, editable=False)

    objects = GuardianshipQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["pk"]
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "patient"], name="accounts_login_has_one_guardianship_per_patient"
            ),
            one_of("relation", Relation, "accounts_guardianship_relation_exists"),
            models.UniqueConstraint(fields=["user", "is_own"], name="accounts_login_has_one_own_patient"),
            models.UniqueConstraint(fields=["patient", "is_own"], name="accounts_patient_has_one_own_login"),
            models.CheckConstraint(
                condition=Q(is_own__isnull=True)
                | Q(is_own=True, relation=Relation.SELF, revoked_at__isnull=True),
                name="accounts_only_access_to_oneself_is_own",
            ),
        ]

    def __str__(self):
        return f"{self.user} → {self.patient}"

    @classmethod
    def carer_grounds(cls, user) -> Q:
        """Guardianships that the user holds, and those of others for the user's own patient."""
        own = cls.objects.in_force().filter(user=user, relation=Relation.SELF).values("patient_id")
        return Q(user=user) | Q(patient_id__in=own)

    @property
    def is_in_force(self) -> bool:
        ended = self.ends_on is not None and self.ends_on <= timezone.localdate()
        return self.revoked_at is None and not ended

    @property
    def scopes(self) -> list[Scope]:
        return [scope for scope in Scope if getattr(self, scope)]
