from allauth.account.forms import SignupForm
from crispy_forms.helper import FormHelper
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import EmailTaken
from accounts.forms.layout import in_sections
from accounts.forms.particulars import ABOUT, ADDRESS, ADDRESS_ROWS, ParticularsForm
from accounts.models import User
from accounts.services import sign_up_patient


class SignUpForm(SignupForm, ParticularsForm):
    """Creates a login and its patient in one transaction.

    The form says that an e-mail address is taken. The login and reset pages do not reveal whether there is
    an account, but here a patient who has forgotten their account would see a form that seems to work and
    get an e-mail that says otherwise. Sign-ups are limited per network address.
    """

    is_field_check = False  # then nothing is said of other accounts
    field_order = [*ABOUT, "email", "phone", *ADDRESS, "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email, password, again = (self.fields[name] for name in ("email", "password1", "password2"))
        email.label = _("E-mail address")
        email.help_text = _("You log in with it. We write to it about refunds, documents and your password.")
        email.error_messages["required"] = _("Enter an e-mail address.")
        password.help_text = _("At least 15 characters. Three or four words are easy to remember.")
        password.error_messages["required"] = _("Choose a password.")
        again.label = _("Password again")
        again.error_messages["required"] = _("Enter the password again.")
        for field in (email, password, again):
            field.widget.attrs.pop("placeholder", None)

    @cached_property
    def helper(self) -> FormHelper:
        return in_sections(
            self,
            (_("About you"), *ABOUT),
            (_("How we reach you"), "email", "phone"),
            (_("Address"), *ADDRESS_ROWS),
            (_("Password"), "password1", "password2"),
        )

    def validate_unique_email(self, value: str) -> str:
        if not self.is_field_check and User.objects.filter(email=value).exists():
            raise EmailTaken
        return value

    def clean_password1(self) -> str:
        """Compare the password with the name; allauth checks the other rules but does not know the name."""
        password = self.cleaned_data["password1"]
        person = User(full_name=self.cleaned_data.get("full_name", ""))
        UserAttributeSimilarityValidator(["full_name"]).validate(password, person)
        return password

    def save(self, request) -> User:  # noqa: ARG002 - allauth's signature
        """Called by the sign-up view. A refusal is raised and nothing is written."""
        return sign_up_patient(
            email=self.cleaned_data["email"],
            password=self.cleaned_data["password1"],
            particulars=self.particulars(),
        )
