from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.models import BloodGroup, Gender, Language, Patient
from accounts.names import NAME_LENGTH
from accounts.particulars import Particulars
from hms.core.date_parts import DatePartsField
from hms.core.forms import RowForm
from hms.core.refusals import put_on_form

PHONE_ERRORS = {
    "invalid": _("Enter a phone number, for example 98765 43210 or +44 20 7946 0958."),
}
ABOUT = ("full_name", "date_of_birth", "gender", "blood_group")
ADDRESS = ("street", "city", "county", "state", "postcode", "country")
ADDRESS_ROWS = ("street", ("city", "county"), ("state", "postcode"), "country")
# Autocomplete tokens by WCAG 1.3.5; only used if the form is about the user.
AUTOCOMPLETE = {
    "full_name": "name",
    "gender": "sex",
    "phone": "tel",
    "email": "email",
    "street": "address-line1",
    "city": "address-level2",
    "county": "address-level3",
    "state": "address-level1",
    "postcode": "postal-code",
    "country": "country-name",
}


class ParticularsForm(forms.Form):
    """The particulars of a patient, validated by the model's rules as in every other form."""

    is_about_user = True

    full_name = forms.CharField(
        label=_("Full name"), max_length=NAME_LENGTH, error_messages={"required": _("Enter the full name.")}
    )
    date_of_birth = DatePartsField(
        label=_("Date of birth"), help_text=_("For example, 27 3 1984"), autocomplete="bday"
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[("", _("Choose one")), *Gender.choices],
        error_messages={"required": _("Choose a gender, or that you prefer not to say.")},
    )
    blood_group = forms.ChoiceField(label=_("Blood group"), choices=BloodGroup.choices, required=False)
    phone = PhoneNumberField(
        label=_("Phone"),
        help_text=_("The hospital can call you on this number."),
        error_messages={"required": _("Enter a phone number."), **PHONE_ERRORS},
    )
    street = forms.CharField(
        label=_("House number and street"),
        max_length=200,
        error_messages={"required": _("Enter the house number and street.")},
    )
    city = forms.CharField(
        label=_("City, town or village"),
        max_length=80,
        error_messages={"required": _("Enter the city, town or village.")},
    )
    county = forms.CharField(label=_("District or county"), max_length=80, required=False)
    state = forms.CharField(
        label=_("State"), max_length=80, error_messages={"required": _("Enter the state.")}
    )
    postcode = forms.CharField(
        label=_("PIN code or postcode"),
        max_length=12,
        error_messages={"required": _("Enter the PIN code or postcode.")},
    )
    country = forms.CharField(
        label=_("Country"),
        max_length=60,
        initial="India",
        error_messages={"required": _("Enter the country.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, token in AUTOCOMPLETE.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = token if self.is_about_user else "off"

    def clean(self):
        cleaned = super().clean()
        given = self.particulars().given()
        others = {field.name for field in Patient._meta.fields} - given.keys()
        patient = Patient(**given)
        try:
            patient.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
        except ValidationError as refusal:
            put_on_form(self, refusal)
            return cleaned
        return cleaned | {name: getattr(patient, name) for name in given}

    def particulars(self) -> Particulars:
        return Particulars.among(self.cleaned_data)


class MoreParticulars(forms.Form):
    """Particulars that a patient can add after signing up."""

    email = forms.EmailField(
        label=_("E-mail address for messages"),
        required=False,
        help_text=_("To change the address you log in with, go to “E-mail address”."),
    )
    emergency_contact_name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    emergency_contact_phone = PhoneNumberField(label=_("Phone"), required=False, error_messages=PHONE_ERRORS)
    abha_number = forms.CharField(
        label=_("ABHA number"),
        max_length=17,
        required=False,
        help_text=_("14 digits, if you have one. Spaces and dashes do not matter."),
    )
    preferred_language = forms.ModelChoiceField(
        Language.objects.all(),
        label=_("Preferred language"),
        required=False,
        empty_label=_("No preference"),
    )
    wants_email = forms.BooleanField(
        label=_("By e-mail"),
        required=False,
        help_text=_("About refunds and documents. We do not send reminders of appointments yet."),
    )
    wants_sms = forms.BooleanField(
        label=_("By SMS"), required=False, help_text=_("We do not send any SMS yet, and keep your choice.")
    )


class ProfileForm(ParticularsForm, MoreParticulars, RowForm):
    """Changes the particulars of a patient, except the date of birth, which only the front desk corrects."""

    date_of_birth = None

    def __init__(self, *args, patient: Patient, is_about_user: bool, **kwargs):
        self.is_about_user = is_about_user
        super().__init__(*args, row=patient, **kwargs)

    def changes(self) -> Particulars:
        return Particulars.among({name: self.cleaned_data[name] for name in self.changed_data})
