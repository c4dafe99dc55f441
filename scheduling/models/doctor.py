from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import PostalAddress
from audit.models.audited import Audited
from hms.core.constraints import not_negative, one_of
from hms.core.folded import FoldedKey, NamedOnce
from hms.core.references import new_reference
from hms.core.typed_text import require_letter
from scheduling.querysets import DoctorQuerySet

MOST_SLOTS_PER_VISIT = 4
FIRST_YEAR = 1930  # in which anybody who practises may have begun


class DoctorCategory(models.TextChoices):
    CONSULTANT = "consultant", _("Consultant")
    SENIOR_CONSULTANT = "senior_consultant", _("Senior consultant")
    VISITING = "visiting", _("Visiting consultant")
    RESIDENT = "resident", _("Resident")


class Doctor(Audited, NamedOnce, PostalAddress):
    """A practitioner who can be booked, with the registration that permits it."""

    log_name = "full_name"
    log_access = ("user",)

    reference = models.CharField(max_length=10, unique=True, default=new_reference, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doctor",
        verbose_name=_("login"),
    )
    department = models.ForeignKey(
        "scheduling.Department",
        on_delete=models.PROTECT,
        related_name="doctors",
        verbose_name=_("department"),
    )
    full_name = models.CharField(_("full name"), max_length=120, db_index=True, validators=[require_letter])
    registration_number = models.CharField(_("registration number"), max_length=40)
    registration_key = FoldedKey("registration_number", unique=True)
    registration_council = models.CharField(_("medical council"), max_length=80, blank=True)
    registration_expires_on = models.DateField(_("registration expires on"))
    specialization = models.ForeignKey(
        "scheduling.Specialization",
        on_delete=models.PROTECT,
        related_name="doctors",
        verbose_name=_("specialization"),
    )
    category = models.CharField(_("category"), max_length=20, choices=DoctorCategory)
    degree = models.CharField(_("degrees"), max_length=120)
    gender = models.CharField(
        _("gender"),
        max_length=8,
        blank=True,
        choices=[("female", _("Female")), ("male", _("Male")), ("other", _("Other"))],
    )
    practising_since = models.PositiveSmallIntegerField(_("practising since (year)"))
    fee = models.DecimalField(_("consultation fee"), max_digits=9, decimal_places=2)
    first_visit_slots = models.PositiveSmallIntegerField(
        _("slots of a first visit"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SLOTS_PER_VISIT)],
        help_text=_("A follow-up takes one slot. With 1, patients are not asked which of them it is."),
    )
    biography = models.TextField(_("biography"), blank=True)
    languages = models.ManyToManyField(
        "accounts.Language", blank=True, related_name="doctors", verbose_name=_("languages")
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    phone_is_public = models.BooleanField(_("show the phone number to patients"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    email_is_public = models.BooleanField(_("show the e-mail address to patients"), default=False)
    photo = models.ImageField(
        _("photo"),
        upload_to="doctors/",
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
    )
    rating = models.DecimalField(
        _("rating"), max_digits=2, decimal_places=1, null=True, blank=True, editable=False
    )
    rating_count = models.PositiveIntegerField(_("number of ratings"), default=0, editable=False)
    is_active = models.BooleanField(_("can be booked"), default=True)

    objects = DoctorQuerySet.as_manager()

    class Meta:
        ordering = ["full_name", "pk"]
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        constraints = [
            not_negative("fee", "scheduling_doctor_fee_is_not_negative"),
            one_of("category", DoctorCategory, "scheduling_doctor_category_exists"),
            models.CheckConstraint(
                condition=models.Q(first_visit_slots__gte=1, first_visit_slots__lte=MOST_SLOTS_PER_VISIT),
                name="scheduling_first_visit_takes_one_to_four_slots",
            ),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True)
                | models.Q(rating__gte=Decimal(1), rating__lte=Decimal(5)),
                name="scheduling_doctor_rating_is_one_to_five",
            ),
        ]

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        return reverse("scheduling:show-doctor", args=[self.reference])

    def clean(self):
        super().clean()
        years = range(FIRST_YEAR, timezone.localdate().year + 1)
        if self.practising_since is not None and self.practising_since not in years:
            said = _("Enter a year from %(first)d to this year.") % {"first": FIRST_YEAR}
            raise ValidationError({"practising_since": said})

    @property
    def asks_kind(self) -> bool:
        return self.first_visit_slots > 1

    @property
    def public_phone(self):
        return self.phone if self.phone_is_public else ""

    @property
    def public_email(self) -> str:
        return self.email if self.email_is_public else ""

    def years_of_experience(self, year: int) -> int:
        return max(0, year - self.practising_since)
