from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models.address import PostalAddress
from accounts.querysets import PatientQuerySet
from hms.core.constraints import one_of
from hms.core.references import new_reference


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Prefer not to say")


class BloodGroup(models.TextChoices):
    UNKNOWN = "", _("Not known")
    A_POSITIVE = "A+", "A+"
    A_NEGATIVE = "A-", "A-"
    B_POSITIVE = "B+", "B+"
    B_NEGATIVE = "B-", "B-"
    AB_POSITIVE = "AB+", "AB+"
    AB_NEGATIVE = "AB-", "AB-"
    O_POSITIVE = "O+", "O+"
    O_NEGATIVE = "O-", "O-"


class Patient(PostalAddress):
    """One person who is or was cared for here, with or without a login."""

    reference = models.CharField(max_length=10, unique=True, default=new_reference, editable=False)
    mrn = models.CharField(_("patient number (MRN)"), max_length=12, unique=True, editable=False)
    full_name = models.CharField(_("full name"), max_length=120, db_index=True)
    date_of_birth = models.DateField(_("date of birth"))
    gender = models.CharField(_("gender"), max_length=8, choices=Gender)
    blood_group = models.CharField(_("blood group"), max_length=3, choices=BloodGroup, blank=True, default="")
    phone = PhoneNumberField(_("phone"), blank=True, db_index=True)
    email = models.EmailField(_("e-mail address"), blank=True, db_index=True)
    abha_number = models.CharField(
        _("ABHA number"),
        max_length=14,
        unique=True,
        null=True,
        blank=True,
    )
    emergency_contact_name = models.CharField(_("emergency contact"), max_length=120, blank=True)
    emergency_contact_phone = PhoneNumberField(_("emergency contact's phone"), blank=True)
    preferred_language = models.ForeignKey(
        "accounts.Language",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("preferred language"),
    )
    wants_email = models.BooleanField(_("may be written to by e-mail"), default=True)
    wants_sms = models.BooleanField(_("may be written to by SMS"), default=True)
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["full_name", "pk"]
        base_manager_name = "objects"
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        permissions = [("view_every_patient", _("Can see every patient's particulars"))]
        constraints = [
            one_of("gender", Gender, "accounts_patient_gender_is_known_to_us"),
            one_of("blood_group", BloodGroup, "accounts_patient_blood_group_exists"),
            models.CheckConstraint(
                condition=Q(date_of_birth__gte="1880-01-01"),
                name="accounts_patient_was_born_after_1880",
            ),
        ]

    def __str__(self):
        return f"{self.full_name} ({self.mrn})"

    def age_on(self, day) -> int:
        """Whole years lived on `day`."""
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def age(self) -> int:
        return self.age_on(timezone.localdate())
