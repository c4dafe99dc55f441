from allauth.account.forms import SignupForm
from crispy_forms.helper import FormHelper
from django.conf import settings
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.exceptions import EmailTaken
from accounts.forms.layout import in_sections
from accounts.forms.particulars import ABOUT, ADDRESS, ADDRESS_ROWS, ParticularsForm
from accounts.models import User
from accounts.services import rehearse_sign_up, sign_up_patient


class SignUpForm(SignupForm, ParticularsForm):
    """Creates a login and its patient in one transaction.

    Where addresses are confirmed, an address that has a login is answered like any other: its owner is told
    by e-mail. Where they are not, the form says that the address is taken, because nobody else would.
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
        is_taken = not self.is_field_check and User.objects.filter(email=value).exists()
        if is_taken and settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
            raise EmailTaken
        self.account_already_exists = is_taken
        return value

    def clean_password1(self) -> str:
        """Compare the password with the name; allauth checks the other rules but does not know the name."""
        password = self.cleaned_data["password1"]
        person = User(full_name=self.cleaned_data.get("full_name", ""))
        UserAttributeSimilarityValidator(["full_name"]).validate(password, person)
        return password

    def try_save(self, request):
        """Called by the sign-up view; allauth writes to the owner of an address that has a login."""
        if self.account_already_exists:
            rehearse_sign_up(password=self.cleaned_data["password1"], particulars=self.particulars())
        return super().try_save(request)

    def save(self, request) -> User:  # noqa: ARG002 - allauth's signature
        """Called by the sign-up view. A refusal is raised and nothing is written."""
        return sign_up_patient(
            email=self.cleaned_data["email"],
            password=self.cleaned_data["password1"],
            particulars=self.particulars(),
        )
