from datetime import date
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.ages import age_in_words
from accounts.models.address import PostalAddress
from accounts.models.named import NAME_KEYS, Named
from accounts.models.owned import NOBODY, PatientOwned
from accounts.names import is_india, tidy, tidy_email, tidy_postcode
from accounts.querysets import PatientQuerySet, patients_in_care
from accounts.visibility import scopes_for
from hms.core.constraints import one_of
from hms.core.references import new_reference
from hms.core.typed_text import require_letter

ADULT_AT = 18
EARLIEST_BIRTH = date(1900, 1, 1)
TIDIED = (
    *("full_name", "emergency_contact_name"),
    *("street", "city", "county", "state", "country"),
)
abha_has_14_digits = RegexValidator(r"^[0-9]{14}$", _("Enter the 14 digits of the ABHA number."), code="abha")
pin_has_6_digits = RegexValidator(
    r"^[1-9][0-9]{5}$", _("Enter a PIN code of 6 digits, for example 560025."), code="pin"
)


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


class Patient(Named, PostalAddress, PatientOwned):
    """One person registered with the hospital, with or without a login."""

    to_patient = "pk"
    view_every_permission = "accounts.view_every_patient"
    log_exclude = NAME_KEYS
    access_nouns = (_("details"), _("patients"))
    access_created = _("Registered %(whom)s")

    reference = models.CharField(max_length=10, unique=True, default=new_reference, editable=False)
    mrn = models.CharField(_("patient number (MRN)"), max_length=12, unique=True, editable=False)
    date_of_birth = models.DateField(_("date of birth"), db_index=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender)
    blood_group = models.CharField(_("blood group"), max_length=3, choices=BloodGroup, blank=True, default="")
    phone = PhoneNumberField(_("phone"), blank=True, db_index=True)
    email = models.EmailField(_("e-mail address"), blank=True, db_index=True)
    abha_number = models.CharField(
        _("ABHA number"),
        max_length=17,  # as typed: 12-3456-7890-1234
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("This ABHA number belongs to another patient.")},
    )
    emergency_contact_name = models.CharField(
        _("emergency contact"), max_length=120, blank=True, validators=[require_letter]
    )
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
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_(
            "Auditors are shown whoever opens this record, for example because the patient is well known."
        ),
    )
    idempotency_key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    registered_at = models.DateTimeField(
        _("registered at"), default=timezone.now, editable=False, db_index=True
    )

    objects = PatientQuerySet.as_manager()

    class Meta(PatientOwned.Meta):
        ordering = ["full_name", "pk"]
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        permissions = [
            ("view_every_patient", _("Can see every patient's particulars")),
            ("import_patient", _("Can import patients")),
            ("export_patient", _("Can export patients")),
        ]
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

    @classmethod
    def carer_grounds(cls, user) -> Q:
        """Patients for whom `user` holds a guardianship in force, with any scopes."""
        return Q(pk__in=patients_in_care(user))

    @classmethod
    def staff_grounds(cls, user) -> Q:
        return reduce(or_, scopes_for(user), NOBODY)

    def tidy_up(self) -> None:
        for field in TIDIED:
            setattr(self, field, tidy(getattr(self, field)))
        self.email = tidy_email(self.email)
        self.postcode = tidy_postcode(self.postcode, self.country)
        digits = (self.abha_number or "").replace("-", "").replace(" ", "")
        self.abha_number = digits or None

    def clean(self):
        self.tidy_up()
        errors = {}
        for field, check in self._checks():
            try:
                check(getattr(self, field))
            except ValidationError as error:
                errors[field] = error
        if errors:
            raise ValidationError(errors)

    def _checks(self):
        if self.date_of_birth:
            yield "date_of_birth", check_date_of_birth
        if self.abha_number:
            yield "abha_number", abha_has_14_digits
        if self.postcode and is_india(self.country):
            yield "postcode", pin_has_6_digits

    def age_on(self, day) -> int:
        born = self.date_of_birth
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    @property
    def age(self) -> int:
        return self.age_on(timezone.localdate())

    @property
    def age_shown(self) -> str:
        """In the unit that fits: "3 weeks", "7 years"."""
        return age_in_words(self.date_of_birth, timezone.localdate())

    @property
    def emergency_contact_line(self) -> str:
        phone = self.emergency_contact_phone
        parts = (self.emergency_contact_name, phone.as_international if phone else "")
        return ", ".join(part for part in parts if part)

    @property
    def is_minor(self) -> bool:
        return self.age < ADULT_AT

    @property
    def adult_on(self) -> date:
        """The 18th birthday; 1 March for a person born on 29 February."""
        born, year = self.date_of_birth, self.date_of_birth.year + ADULT_AT
        try:
            return born.replace(year=year)
        except ValueError:
            return date(year, 3, 1)


def check_date_of_birth(born: date) -> None:
    if born > timezone.localdate():
        raise ValidationError(_("The date of birth must be in the past."), code="in_the_future")
    if born < EARLIEST_BIRTH:
        raise ValidationError(
            _("The date of birth must be after %(year)s."),
            code="too_early",
            params={"year": EARLIEST_BIRTH.year - 1},
        )
