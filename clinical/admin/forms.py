from django import forms
from django.utils.translation import gettext_lazy as _

from clinical.models import Allergy
from clinical.statuses import AllergyStatus


class RecordAllergyForm(forms.ModelForm):
    """A new row of the list: a substance, or the statement that none is known."""

    is_confirmed = forms.BooleanField(
        label=_("Confirmed"), required=False, help_text=_("By a test, or by a reaction that was seen.")
    )

    class Meta:
        model = Allergy
        fields = ("patient", "substance", "category", "criticality", "reaction", "is_none_known")


class ReassessAllergyForm(forms.ModelForm):
    """What is known of it now; the rest of the row stays as it was recorded."""

    becomes = forms.ChoiceField(label=_("Change the status to"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    class Meta:
        model = Allergy
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = AllergyStatus.STEPS[self.instance.status] if self.instance.pk else ()
        steps = [(status.value, status.label) for status in AllergyStatus if status in allowed]
        self.fields["becomes"].choices = [("", "---------"), *steps]
