from allauth.account.views import SignupView
from django.core.exceptions import ValidationError


class SignUpView(SignupView):
    """Sign-up of a patient; what the service refuses is shown at the form."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
