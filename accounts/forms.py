from django import forms


class PatientSignupForm(forms.Form):
    """What a patient tells us on signing up, beyond e-mail and password."""

    def signup(self, request, user):
        """Called by the sign-up view after the login was made."""
