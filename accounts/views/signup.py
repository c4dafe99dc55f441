from allauth.account.views import SignupView
from django.core.exceptions import ValidationError

from accounts.field_checks import ChecksFields
from hms.core.refusals import put_on_form


class SignUpView(ChecksFields, SignupView):
    """Sign-up of a patient; the form shows what the service refuses."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            put_on_form(form, refusal)
            return self.form_invalid(form)
